import type { ServerDuplexStream, ServerReadableStream, ServerWritableStream } from '@grpc/grpc-js';
import type { ObjectInbox } from '../../adapters/object-inbox.js';
import type { ObjectWriteStream } from '../../adapters/object-write-stream.js';
import { RpcError } from '../../status/rpc-error.js';
import { Status } from '../../status/status.js';
import { toRpcError } from '../../status/to-rpc-error.js';
import { EOF } from '../../streams/eof.js';
import { afterReset } from './after-reset.js';
import { inboxOf, writerOf } from './call-ends.js';

export type GrpcServerCall<Req, Res> =
  | ServerReadableStream<Req, Res>
  | ServerWritableStream<Req, Res>
  | ServerDuplexStream<Req, Res>;

/**
 * A call that grpc-js's server has handed to a handler, seen through its events.
 *
 * ```
 *   open ── 'finish': all is sent ──────────► ended
 *     └──── 'cancelled', 'error', 'close' ──► cut off: everything pending rejects
 * ```
 */
export class WrappedServerEnd<Req, Res> {
  readonly inbox: ObjectInbox<Req>;
  readonly writer: ObjectWriteStream<Res>;
  readonly #call: GrpcServerCall<Req, Res>;

  constructor(call: GrpcServerCall<Req, Res>) {
    this.#call = call;
    this.inbox = inboxOf(call, 'this call has nothing to read: its request is call.request');
    this.writer = writerOf(call, 'this call has nothing to write', (reason) => this.#fail(reason));
    call.on('cancelled', () => this.#cut(cancelled()));
    call.on('error', (error: unknown) => this.#cut(toRpcError(error)));
    call.on('end', () => afterReset(() => this.inbox.end(EOF)));
    // Also after a normal end; what has ended is not told again.
    call.on('close', () => this.#cut(cancelled()));
    if (call.cancelled || (call as { destroyed?: boolean }).destroyed) this.#cut(cancelled());
  }

  /** Ends the call with OK behind what was written; unread requests are discarded. */
  doneWriting(): Promise<void> {
    this.inbox.discard(EOF);
    return this.writer.doneWriting();
  }

  #cut(error: RpcError): void {
    this.inbox.discard(error);
    this.writer.fail(error);
  }

  /** Ends the call with an error, as grpc-js wants it: its own listener sends what it is told. */
  #fail(thrown: unknown): void {
    const error = RpcError.is(thrown) ? thrown : unexpected(thrown);
    // grpc-js would throw for a lone surrogate, where nobody could catch it.
    const details = error.details.toWellFormed();
    const status = { code: error.code, details, metadata: error.trailers };
    this.#call.emit('error', Object.assign(new Error(details), status));
  }
}

function cancelled(): RpcError {
  return new RpcError(Status.CANCELLED, 'the call was cancelled');
}

/** A foreign exception's words are not for the peer. */
function unexpected(thrown: unknown): RpcError {
  return new RpcError(Status.UNKNOWN, 'the handler failed unexpectedly', { cause: thrown });
}
