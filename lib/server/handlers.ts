import type { CallContext } from '../context/call-context.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { MethodKind } from '../schema/method-kind.js';
import type { DynamicMessage, ServiceMethods } from '../schema/service-descriptor.js';
import type { ReadStream } from '../streams/read-stream.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';
import type { Source } from '../streams/source.js';
import type { WriteStream } from '../streams/write-stream.js';

/** What `server.add` takes: a handler for each method of the service. */
export type Handlers<Methods extends ServiceMethods<Methods>> = {
  [Name in keyof Methods]: Handler<Methods[Name]>;
};

/** The handler of a method of one of the four kinds. */
export type Handler<Method> =
  Method extends MethodDescriptor<
    infer Kind,
    infer Req,
    infer _Res,
    infer _ReqInput,
    infer ResInput
  >
    ? MethodKind extends Kind
      ? DynamicHandler
      : HandlersByKind<Req, ResInput>[Kind]
    : never;

interface HandlersByKind<Req, Res> {
  unary: UnaryHandler<Req, Res>;
  serverStream: ServerStreamHandler<Req, Res>;
  clientStream: ClientStreamHandler<Req, Res>;
  bidiStream: BidiStreamHandler<Req, Res>;
}

/** Answers one request with one reply. */
export type UnaryHandler<Req, Res> = (request: Req, ctx: CallContext) => Res | Promise<Res>;

/** Answers one request with a stream: a generator's, or written to `stream`. */
export type ServerStreamHandler<Req, Res> = (
  request: Req,
  ctx: CallContext,
  stream: WriteStream<Res>,
) => Source<Res> | Promise<void>;

/** Answers a stream of requests with one reply. */
export type ClientStreamHandler<Req, Res> = (
  stream: ReadStream<Req>,
  ctx: CallContext,
) => Res | Promise<Res>;

/** Answers a stream with a stream: a generator's, or written to `stream`. */
export type BidiStreamHandler<Req, Res> = (
  stream: ReadWriteStream<Req, Res>,
  ctx: CallContext,
) => Source<Res> | Promise<void>;

/** The handler of a method whose kind is known at run time only. */
export type DynamicHandler = (
  requestOrStream: DynamicMessage & ReadWriteStream<DynamicMessage, DynamicMessage>,
  ctx: CallContext,
  stream: WriteStream<DynamicMessage>,
) => unknown;
