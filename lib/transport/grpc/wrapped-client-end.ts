import type { ClientDuplexStream, ClientReadableStream, ClientWritableStream } from '@grpc/grpc-js';
import type { ObjectInbox } from '../../adapters/object-inbox.js';
import type { ObjectWriteStream } from '../../adapters/object-write-stream.js';
import { Deferred } from '../../base/deferred.js';
import { Metadata } from '../../context/metadata.js';
import { RpcError } from '../../status/rpc-error.js';
import { Status, statusName } from '../../status/status.js';
import type { StatusObject } from '../../status/status-object.js';
import { EOF } from '../../streams/eof.js';
import { canRead, inboxOf, writerOf } from './call-ends.js';
import { toStatus } from './to-status.js';

export type GrpcClientCall<Res, Req> =
  | ClientReadableStream<Res>
  | ClientWritableStream<Req>
  | ClientDuplexStream<Req, Res>;

/**
 * A call that grpc-js's client has made, seen through its events.
 *
 * ```
 *   open ── 'status', cancel, destroyed ──► ended ── 'end': what had come is read ──► drained
 * ```
 * grpc-js emits 'error' without destroying the stream, so what it has buffered can still be read.
 */
export class WrappedClientEnd<Res, Req> {
  readonly inbox: ObjectInbox<Res>;
  readonly writer: ObjectWriteStream<Req>;
  readonly #call: GrpcClientCall<Res, Req>;
  readonly #headers = new Deferred<Metadata>();
  readonly #status = new Deferred<StatusObject>();
  #started = false;
  #ended = false;
  #error: RpcError | undefined;
  #thrown: unknown;

  constructor(call: GrpcClientCall<Res, Req>) {
    this.#call = call;
    this.inbox = inboxOf(call, 'this call has nothing to read: its callback gets the reply');
    this.writer = writerOf(call, 'this call has nothing to write', (reason) =>
      this.cancel('the source of requests failed', reason),
    );
    call.on('metadata', (headers: Metadata) => {
      this.#started = true;
      this.#headers.resolve(headers);
    });
    // 'status' follows at once and says the same. A listener must be there, or Node throws.
    call.on('error', (error: unknown) => {
      this.#thrown = error;
    });
    call.on('status', (status) => this.#end(toStatus(status), this.#thrown));
    call.on('end', () => this.#drained());
    call.on('close', () => this.#closed());
    if (isDestroyed(call)) this.#closed();
  }

  get ended(): boolean {
    return this.#ended;
  }

  get peer(): string {
    return this.#call.getPeer();
  }

  headers(): Promise<Metadata> {
    return this.#headers.promise;
  }

  status(): Promise<StatusObject> {
    return this.#status.promise;
  }

  cancel(details: string, cause?: unknown): void {
    if (!this.#ended) {
      this.#end({ code: Status.CANCELLED, details, trailers: new Metadata() }, cause);
      this.#call.cancel();
      // grpc-js forgets a cancellation that comes too early: see GrpcClientWire.
      if (!this.#started) setImmediate(() => this.#call.cancel());
    }
    this.inbox.discard(this.#error ?? new RpcError(Status.CANCELLED, details));
  }

  #end(status: StatusObject, cause: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#status.resolve(status);
    if (status.code === Status.OK) {
      this.#headers.resolve(new Metadata());
      this.writer.fail(new RpcError(Status.FAILED_PRECONDITION, ENDED_OK));
      return;
    }
    const { details, trailers } = status;
    const code = statusName(status.code) === undefined ? Status.UNKNOWN : status.code;
    this.#error = new RpcError(code, details, {
      trailers,
      ...(cause === undefined ? {} : { cause }),
    });
    this.#headers.rejectQuietly(this.#error);
    this.writer.fail(this.#error);
  }

  /** All that came has been read. */
  #drained(): void {
    if (!this.#ended) {
      this.#end({ code: Status.UNKNOWN, details: MISSED, trailers: new Metadata() }, undefined);
    }
    this.inbox.end(this.#error ?? EOF);
  }

  /** The stream was destroyed, by its user, by a failed write, or as it is over. */
  #closed(): void {
    if (canRead(this.#call)) {
      if ((this.#call as ClientReadableStream<Res>).readableEnded) this.#drained();
      else this.cancel('the stream of grpc-js was destroyed', this.#thrown);
    } else if (!(this.#call as ClientWritableStream<Req>).writableFinished) {
      this.cancel('the stream of grpc-js was destroyed', this.#thrown);
    }
  }
}

function isDestroyed(call: { destroyed?: boolean }): boolean {
  return call.destroyed === true;
}

const ENDED_OK = 'the call has already ended with OK; the message was not sent';
const MISSED = 'the call had ended before fromDuplex() was called, so its status is not known';
