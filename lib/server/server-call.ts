import { ignore } from '../base/deferred.js';
import type { BufferSizes } from '../call/call-options.js';
import type { CancelReason, ServerCallListener, ServerWire } from '../call/server-transport.js';
import { checkMetadata, Metadata } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsRequests } from '../schema/method-kind.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { isAbort } from '../status/to-rpc-error.js';
import { EOF } from '../streams/eof.js';
import { Inbox } from '../streams/inbox.js';
import { Outbox } from '../streams/outbox.js';
import { CallDeadline } from './call-deadline.js';
import { ReplyTooLarge } from './reply-too-large.js';
import { type AnyHandler, type HandledCall, runHandler } from './run-handler.js';
import { type DrainingHost, ServerContext } from './server-context.js';
import { wireDetails } from './wire-details.js';

/** What the server tells a call, and wants to hear of it. */
export interface CallHost extends DrainingHost {
  readonly buffers: BufferSizes;
  /** Bytes above which a reply is refused. */
  readonly maxSendMessageSize: number;
  /** Told of exceptions that no peer may see. */
  onError(error: unknown, ctx: ServerContext): void;
  /** Told that the call has sent its status, or was cut off. */
  ended(call: ServerCall): void;
}

/**
 * One call being handled, whatever its kind.
 *
 * ```
 *  running ── the handler is done, doneWriting() ─────────► finished: status OK is behind the data
 *     ├────── the handler failed ──► failing ── flushed ──► finished: its status follows the data
 *     └────── cancel, deadline, shutdown ─────────────────► cut off: everything pending rejects
 * ```
 */
export class ServerCall implements ServerCallListener, HandledCall {
  readonly inbox: Inbox<unknown>;
  readonly outbox: Outbox<unknown>;
  readonly ctx: ServerContext;
  readonly #method: MethodDescriptor;
  readonly #handler: AnyHandler;
  readonly #wire: ServerWire;
  readonly #host: CallHost;
  readonly #deadline: CallDeadline | undefined;
  readonly #streamsRequests: boolean;
  #state: 'running' | 'failing' | 'finished' | 'cut off' = 'running';
  #request: Uint8Array | undefined;
  #failure: unknown;
  #reported: unknown;

  constructor(method: MethodDescriptor, handler: AnyHandler, wire: ServerWire, host: CallHost) {
    this.#method = method;
    this.#handler = handler;
    this.#wire = wire;
    this.#host = host;
    this.#streamsRequests = streamsRequests(method.kind);
    this.ctx = new ServerContext(method.path, wire, host);
    this.inbox = new Inbox<unknown>({
      prefetchBytes: host.buffers.prefetchBytes,
      decode: (bytes) => method.request.decode(bytes),
      request: () => this.#wire.request(),
      undecodable: (thrown) => this.#undecodable(thrown),
    });
    this.outbox = new Outbox<unknown>({
      sink: {
        send: (batch, sent) => {
          this.ctx.noteHeadersSent();
          this.#wire.send(batch, sent);
        },
        halfClose: () => {
          if (this.#state === 'running') this.#finish(Status.OK, '', undefined);
        },
      },
      highWaterMark: host.buffers.highWaterMark,
      maxBufferedBytes: host.buffers.maxBufferedBytes,
      encode: (message) => this.encode(message),
      unseenRefusal: (error) => this.failInternally(error),
    });
    if (wire.deadline !== Infinity) {
      this.#deadline = new CallDeadline(wire.deadline, () => this.#expire());
    }
  }

  /** Whether the call has neither ended nor begun to. */
  get running(): boolean {
    return this.#state === 'running';
  }

  /** Starts the handler, or waits for the request that it needs. */
  start(): void {
    if (!this.#streamsRequests) this.#wire.request();
    else {
      this.inbox.start();
      runHandler(this, this.#method, this.#handler, undefined);
    }
  }

  onMessage(bytes: Uint8Array): void {
    if (this.#streamsRequests) this.inbox.push(bytes);
    else if (!this.running) return;
    else if (this.#request === undefined) {
      this.#request = bytes;
      this.#wire.request();
    } else this.#refuse(`${this.#method.path} takes one message, got more`);
  }

  onHalfClose(): void {
    if (this.#streamsRequests) this.inbox.end(EOF);
    else if (!this.running) return;
    else if (this.#request === undefined) {
      this.#refuse(`${this.#method.path} takes one message, got none`);
    } else this.#decodeAndRun(this.#request);
  }

  onCancel(reason: CancelReason): void {
    if (this.#deadline?.isDue) this.#expire();
    else if (reason === 'connection lost') this.#cut(Status.UNAVAILABLE, 'the connection was lost');
    else this.#cut(Status.CANCELLED, 'the call was cancelled');
    // After a normal end this only tells that nothing more is sent of what was still buffered.
    const code = this.outbox.bufferedBytes > 0 ? Status.CANCELLED : Status.FAILED_PRECONDITION;
    this.outbox.fail(new RpcError(code, 'the call is over; the message was not sent'));
  }

  /** Ends the call because the server shuts down. */
  shutDown(): void {
    this.#cutAndTell(Status.UNAVAILABLE, 'the server is shutting down');
  }

  doneWriting(): Promise<void> {
    this.inbox.discard(EOF);
    return this.outbox.close();
  }

  /** The bytes of a reply; throws if it does not fit its type or is too large to be sent. */
  encode(message: unknown): Uint8Array {
    const bytes = this.#method.response.encode(message);
    const limit = this.#host.maxSendMessageSize;
    if (bytes.byteLength > limit) throw new ReplyTooLarge(bytes.byteLength, limit);
    return bytes;
  }

  /** Ends the call with the status that a handler's exception stands for. */
  fail(thrown: unknown): void {
    if (this.#state !== 'running') {
      if (!this.#isKnown(thrown)) this.#report(thrown);
      return;
    }
    if (!RpcError.is(thrown)) this.#report(thrown);
    this.#failure = thrown;
    this.#state = 'failing';
    const error = RpcError.is(thrown)
      ? thrown
      : new RpcError(Status.UNKNOWN, 'the handler failed unexpectedly', { cause: thrown });
    this.inbox.discard(error);
    this.outbox.stop(error);
    this.outbox.sent().then(() => this.#finishFailed(error), ignore);
  }

  #decodeAndRun(bytes: Uint8Array): void {
    let request: unknown;
    try {
      request = this.#method.request.decode(bytes);
    } catch (thrown) {
      this.fail(this.#undecodable(thrown));
      return;
    }
    runHandler(this, this.#method, this.#handler, request);
  }

  /** A bug of the handler's that is no exception of its own: INTERNAL, its words to `onError`. */
  failInternally(error: unknown): void {
    if (this.#state !== 'running') return;
    this.#report(error);
    const status =
      error instanceof ReplyTooLarge
        ? error
        : new RpcError(Status.INTERNAL, 'the handler produced an invalid reply', { cause: error });
    this.fail(status);
  }

  #undecodable(thrown: unknown): RpcError {
    return new RpcError(Status.INTERNAL, 'the request cannot be decoded', { cause: thrown });
  }

  /** Refuses a request that breaks the method's shape. */
  #refuse(details: string): void {
    this.fail(new RpcError(Status.UNIMPLEMENTED, details));
  }

  #finishFailed(error: RpcError): void {
    if (this.#state === 'failing') this.#finish(error.code, error.details, error.trailers);
  }

  #finish(code: number, details: string, trailers: Metadata | undefined): void {
    this.#state = 'finished';
    this.#deadline?.stop();
    if (code !== Status.OK) this.outbox.fail(new RpcError(code, details));
    this.#sendStatus(code, details, trailers);
    this.#host.ended(this);
  }

  /** Ends the call from outside, unless it is over: all that is pending rejects, the signal aborts. */
  #cut(code: number, details: string): boolean {
    if (this.#state === 'finished' || this.#state === 'cut off') return false;
    this.#state = 'cut off';
    this.#deadline?.stop();
    const error = new RpcError(code, details);
    this.inbox.discard(error);
    this.outbox.fail(error);
    this.ctx.noteHeadersSent();
    this.ctx.cancel(error);
    this.#host.ended(this);
    return true;
  }

  /** As `#cut`, and the client is told. */
  #cutAndTell(code: number, details: string): void {
    if (this.#cut(code, details)) this.#sendStatus(code, details, undefined);
  }

  #expire(): void {
    this.#cutAndTell(Status.DEADLINE_EXCEEDED, 'the deadline passed');
  }

  #sendStatus(code: number, details: string, extra: Metadata | undefined): void {
    const { trailers } = this.ctx;
    this.ctx.noteHeadersSent();
    if (extra !== undefined) trailers.merge(extra);
    try {
      checkMetadata('trailers', trailers);
    } catch (misuse) {
      // HTTP/2 would refuse them where nobody could catch it.
      this.#report(misuse);
      this.#wire.finish({
        code: Status.INTERNAL,
        details: 'the handler produced invalid trailers',
        trailers: new Metadata(),
      });
      return;
    }
    this.#wire.finish({ code, details: wireDetails(details), trailers });
  }

  /** Whether a call that is over anyway may ignore that its handler threw this. */
  #isKnown(thrown: unknown): boolean {
    if (thrown === this.#failure || thrown === this.#reported) return true;
    return this.#state === 'cut off' && (RpcError.is(thrown) || isAbort(thrown));
  }

  #report(error: unknown): void {
    this.#reported = error;
    this.#host.onError(error, this.ctx);
  }
}
