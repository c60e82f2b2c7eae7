import type { CallOptions } from '../call/call-options.js';
import type { ClientCall } from '../call/client-call.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { MethodKind } from '../schema/method-kind.js';
import type { DynamicMessage, ServiceMethods } from '../schema/service-descriptor.js';
import type { ReadStream } from '../streams/read-stream.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';
import type { Source } from '../streams/source.js';
import type { WriteStream } from '../streams/write-stream.js';

/** The methods of a service, ready to be called. */
export type Stub<Methods extends ServiceMethods<Methods>> = {
  readonly [Name in keyof Methods]: StubMethod<Methods[Name]>;
};

/** How a method of one of the four kinds is called. */
export type StubMethod<Method> =
  Method extends MethodDescriptor<
    infer Kind,
    infer _Req,
    infer Res,
    infer ReqInput,
    infer _ResInput
  >
    ? MethodKind extends Kind
      ? DynamicStubMethod
      : StubMethodsByKind<ReqInput, Res>[Kind]
    : never;

interface StubMethodsByKind<Req, Res> {
  unary: UnaryMethod<Req, Res>;
  serverStream: ServerStreamMethod<Req, Res>;
  clientStream: ClientStreamMethod<Req, Res>;
  bidiStream: BidiStreamMethod<Req, Res>;
}

/** One request, one reply. Rejects, never throws. */
export type UnaryMethod<Req, Res> = (request: Req, options?: CallOptions) => Promise<Res>;

/** One request, a stream of replies. Throws at once if the request or an option does not fit. */
export type ServerStreamMethod<Req, Res> = (
  request: Req,
  options?: CallOptions,
) => ReadStream<Res> & ClientCall;

/** Requests written to the stream or pulled from a source, and one reply. */
export interface ClientStreamMethod<Req, Res> {
  (
    options?: CallOptions,
  ): WriteStream<Req> & ReadStream<Res> & ClientCall & ReplyTo<Res> & Finish<Res>;
  (
    source: Source<Req>,
    options?: CallOptions,
  ): ReadStream<Res> & ClientCall & PromiseLike<Res> & ReplyTo<Res>;
}

/** Requests written to the stream or pulled from a source, and a stream of replies. */
export interface BidiStreamMethod<Req, Res> {
  (options?: CallOptions): ReadWriteStream<Res, Req> & ClientCall;
  (source: Source<Req>, options?: CallOptions): ReadStream<Res> & ClientCall;
}

/** A method whose kind is known at run time only: what it gives depends on the kind. */
export type DynamicStubMethod = (
  requestOrSource?: DynamicMessage | Source<DynamicMessage> | CallOptions,
  options?: CallOptions,
) => Promise<DynamicMessage> &
  ReadWriteStream<DynamicMessage, DynamicMessage> &
  ClientCall &
  ReplyTo<DynamicMessage> &
  Finish<DynamicMessage>;

interface ReplyTo<Res> {
  /** The reply, once the call has ended OK; the same promise each time. */
  response(): Promise<Res>;
}

interface Finish<Res> {
  /** `doneWriting()`, then the reply. */
  finish(): Promise<Res>;
}
