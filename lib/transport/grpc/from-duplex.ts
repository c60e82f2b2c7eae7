import type {
  ClientDuplexStream,
  ClientReadableStream,
  ClientWritableStream,
  ServerDuplexStream,
  ServerReadableStream,
  ServerWritableStream,
} from '@grpc/grpc-js';
import { describeValue } from '../../base/describe-value.js';
import type { ClientCall } from '../../call/client-call.js';
import type { ReadStream } from '../../streams/read-stream.js';
import type { ReadWriteStream } from '../../streams/read-write-stream.js';
import type { WriteStream } from '../../streams/write-stream.js';
import { canRead, canWrite } from './call-ends.js';
import { WrappedClientCall } from './wrapped-client-call.js';
import { type GrpcClientCall, WrappedClientEnd } from './wrapped-client-end.js';
import { WrappedServerCall } from './wrapped-server-call.js';
import { type GrpcServerCall, WrappedServerEnd } from './wrapped-server-end.js';

/**
 * Wraps a stream call of grpc-js, of its client or of one of its handlers, in the streams of this
 * library: reads with timeouts, `EOF` only after an OK status, else the `RpcError` behind all that
 * had come, writes with backpressure. From then on use the call only through what this gives, and
 * call it at once: a status that came before is not known.
 *
 * On a client, `doneWriting()` half-closes. The reply to a client-streaming call goes to its
 * callback, as ever. On a server, `doneWriting()` ends the call with OK; to a client-streaming call
 * the handler answers by its callback. When the call is cancelled, reads and writes reject: catch
 * it, for grpc-js looks at no promise of its handlers.
 *
 * @throws {TypeError} for anything that is not a stream call of grpc-js
 */
export function fromDuplex<Req, Res>(
  call: ClientDuplexStream<Req, Res>,
): ReadWriteStream<Res, Req> & ClientCall;
export function fromDuplex<Res>(call: ClientReadableStream<Res>): ReadStream<Res> & ClientCall;
export function fromDuplex<Req>(call: ClientWritableStream<Req>): WriteStream<Req> & ClientCall;
export function fromDuplex<Req, Res>(call: ServerDuplexStream<Req, Res>): ReadWriteStream<Req, Res>;
export function fromDuplex<Req, Res>(call: ServerReadableStream<Req, Res>): ReadStream<Req>;
export function fromDuplex<Req, Res>(call: ServerWritableStream<Req, Res>): WriteStream<Res>;
export function fromDuplex(call: object): unknown {
  const { cancel, sendMetadata, on } = Object(call) as Record<string, unknown>;
  if (typeof on === 'function' && (canRead(call) || canWrite(call))) {
    if (typeof cancel === 'function') {
      return new WrappedClientCall(new WrappedClientEnd(call as GrpcClientCall<unknown, unknown>));
    }
    if (typeof sendMetadata === 'function') {
      return new WrappedServerCall(new WrappedServerEnd(call as GrpcServerCall<unknown, unknown>));
    }
  }
  throw new TypeError(`fromDuplex takes a stream call of grpc-js, got ${describeValue(call)}`);
}
