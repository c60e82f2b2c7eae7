import type { Codec } from './codec.js';
import type { MethodKind } from './method-kind.js';

/**
 * One method of a service: its kind, its path on the wire and a codec for each direction.
 *
 * @typeParam Kind - which sides stream
 * @typeParam Req - a request as the server reads it
 * @typeParam Res - a response as the client reads it
 * @typeParam ReqInput - a request as the client writes it
 * @typeParam ResInput - a response as the server writes it
 */
export interface MethodDescriptor<
  Kind extends MethodKind = MethodKind,
  Req = unknown,
  Res = unknown,
  ReqInput = Req,
  ResInput = Res,
> {
  readonly kind: Kind;
  /** The name on stubs and in handlers, lowerCamel. */
  readonly name: string;
  /** `/package.Service/Method`, as HTTP/2 carries it. */
  readonly path: string;
  readonly request: Codec<Req, ReqInput>;
  readonly response: Codec<Res, ResInput>;
}

/** One request, one reply. */
export type Unary<Req, Res, ReqInput = Req, ResInput = Res> = MethodDescriptor<
  'unary',
  Req,
  Res,
  ReqInput,
  ResInput
>;
/** One request, a stream of replies. */
export type ServerStream<Req, Res, ReqInput = Req, ResInput = Res> = MethodDescriptor<
  'serverStream',
  Req,
  Res,
  ReqInput,
  ResInput
>;
/** A stream of requests, one reply. */
export type ClientStream<Req, Res, ReqInput = Req, ResInput = Res> = MethodDescriptor<
  'clientStream',
  Req,
  Res,
  ReqInput,
  ResInput
>;
/** A stream each way, independent of one another. */
export type BidiStream<Req, Res, ReqInput = Req, ResInput = Res> = MethodDescriptor<
  'bidiStream',
  Req,
  Res,
  ReqInput,
  ResInput
>;
