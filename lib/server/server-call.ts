import type { BufferSizes } from '../call/call-options.js';
import type { ServerInterceptor } from '../call/interceptor.js';
import { MessageMaps } from '../call/message-maps.js';
import type { CancelReason, ServerCallListener, ServerWire } from '../call/server-transport.js';
import { checkMetadata, Metadata, mergeTrailers } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsRequests } from '../schema/method-kind.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { isAbort } from '../status/to-rpc-error.js';
import { EOF } from '../streams/eof.js';
import { Inbox } from '../streams/inbox.js';
import { Outbox } from '../streams/outbox.js';
import { CallDeadline, effectiveDeadline } from './call-deadline.js';
import type { CallQueue } from './call-queue.js';
import { ReplyTooLarge } from './reply-too-large.js';
import { type AnyHandler, runHandler } from './run-handler.js';
import { type InterceptableCall, runIntercepted, wrongCount } from './run-intercepted.js';
import { type DrainingHost, ServerContext } from './server-context.js';
import { wireDetails } from './wire-details.js';

/** What the server tells a call, and wants to hear of it. */
export interface CallHost extends DrainingHost {
  readonly buffers: BufferSizes;
  /** Milliseconds that a call may take; Infinity for no limit. */
  readonly maxCallDuration: number;
  /** Where calls wait for their turn; there is none unless their number is limited. */
  readonly queue: CallQueue | undefined;
  /** Bytes above which a reply is refused. */
  readonly maxSendMessageSize: number;
  /** Told of exceptions that no peer may see. */
  onError(error: unknown, ctx: ServerContext): void;
  /** Told that the call has sent its status, or was cut off. */
  ended(call: ServerCall): void;
}

/** Those of a call that nobody intercepts. */
const NO_MAPS = new MessageMaps();

/** How the calls of one method are answered. */
export interface MethodAnswer {
  readonly method: MethodDescriptor;
  readonly handler: AnyHandler;
  /** Around the handler, the first outermost. */
  readonly interceptors: readonly ServerInterceptor[];
  /** Whether its calls take a place in the line. */
  readonly limited: boolean;
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
export class ServerCall implements ServerCallListener, InterceptableCall {
  readonly inbox: Inbox<unknown>;
  readonly outbox: Outbox<unknown>;
  readonly ctx: ServerContext;
  readonly requestMaps: MessageMaps;
  readonly replyMaps: MessageMaps;
  readonly #method: MethodDescriptor;
  readonly #answer: MethodAnswer;
  readonly #wire: ServerWire;
  readonly #host: CallHost;
  readonly #deadline: CallDeadline | undefined;
  /** Whether requests are read from the inbox, not just the one that the handler is called with. */
  readonly #readsStream: boolean;
  #onCut: ((error: unknown) => void) | undefined;
  #state: 'running' | 'failing' | 'finished' | 'cut off' = 'running';
  #request: Uint8Array | undefined;
  #failure: unknown;
  #error: RpcError | undefined;
  #reported: unknown;
  #mapFailure: unknown;
  #queued = false;
  #onOver: (() => void) | undefined;

  constructor(answer: MethodAnswer, wire: ServerWire, host: CallHost) {
    const { method, interceptors } = answer;
    const deadline = effectiveDeadline(wire.deadline, host.maxCallDuration);
    this.#method = method;
    this.#answer = answer;
    this.#wire = wire;
    this.#host = host;
    const intercepted = interceptors.length > 0;
    this.requestMaps = intercepted ? new MessageMaps() : NO_MAPS;
    this.replyMaps = intercepted ? new MessageMaps() : NO_MAPS;
    this.#readsStream = intercepted || streamsRequests(method.kind);
    this.ctx = new ServerContext(method.path, wire, host, deadline);
    this.inbox = new Inbox<unknown>({
      prefetchBytes: host.buffers.prefetchBytes,
      decode: intercepted
        ? (bytes) => this.#map(this.requestMaps, method.request.decode(bytes))
        : (bytes) => method.request.decode(bytes),
      request: () => this.#wire.request(),
      undecodable: (thrown) => this.#undecodable(thrown),
    });
    this.outbox = new Outbox<unknown>({
      sink: {
        send: (batch, sent) => {
          if (this.#flushHeaders()) this.#wire.send(batch, sent);
        },
        halfClose: () => {
          if (this.running && this.#flushHeaders()) this.#finish(Status.OK, '', undefined);
        },
      },
      highWaterMark: host.buffers.highWaterMark,
      maxBufferedBytes: host.buffers.maxBufferedBytes,
      encode: (message) => this.encode(message),
      unseenRefusal: (error) => this.failInternally(error),
    });
    if (deadline !== Infinity) {
      this.#deadline = new CallDeadline(deadline, () => this.#expire());
    }
  }

  /** Whether the call has neither ended nor begun to. */
  get running(): boolean {
    return this.#state === 'running';
  }

  /** Begins, or waits in the line for its turn. */
  start(): void {
    const { queue } = this.#host;
    if (queue === undefined || !this.#answer.limited) this.#begin();
    else if (queue.hasRoom) {
      this.#queued = true;
      queue.add({ run: () => this.#beginAndEnd(), signal: this.ctx.signal });
    } else {
      const details = 'the server handles as many calls as it may, and no more can wait';
      this.fail(new RpcError(Status.RESOURCE_EXHAUSTED, details));
    }
  }

  whenCut(listener: (error: unknown) => void): void {
    this.#onCut = listener;
  }

  noteLate(thrown: unknown): void {
    if (!this.#isKnown(thrown)) this.#report(thrown);
  }

  onMessage(bytes: Uint8Array): void {
    if (this.#readsStream) this.inbox.push(bytes);
    else if (!this.running) return;
    else if (this.#request === undefined) {
      this.#request = bytes;
      this.#wire.request();
    } else this.fail(wrongCount(this.#method, 'more'));
  }

  onHalfClose(): void {
    if (this.#readsStream) this.inbox.end(EOF);
    else if (!this.running) return;
    else if (this.#request === undefined) this.fail(wrongCount(this.#method, 'none'));
    else this.#decodeAndRun(this.#request);
  }

  onCancel(reason: CancelReason): void {
    if (this.#deadline?.isDue && this.#deadline.time === this.#wire.deadline) this.#expire();
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
    const { response } = this.#method;
    const reply = this.replyMaps.isEmpty ? message : this.#map(this.replyMaps, message);
    const bytes = response.encode(reply);
    const limit = this.#host.maxSendMessageSize;
    if (bytes.byteLength > limit) throw new ReplyTooLarge(bytes.byteLength, limit);
    return bytes;
  }

  /** Ends the call with the status that a handler's exception stands for. */
  fail(thrown: unknown): void {
    if (this.#state !== 'running') {
      this.noteLate(thrown);
      return;
    }
    if (!RpcError.is(thrown)) this.#report(thrown);
    this.#failure = thrown;
    this.#state = 'failing';
    const error = RpcError.is(thrown)
      ? thrown
      : new RpcError(Status.UNKNOWN, 'the handler failed unexpectedly', { cause: thrown });
    this.#error = error;
    this.inbox.discard(error);
    this.outbox.stop(error);
    this.#onCut?.(thrown);
    const finish = (): void => this.#finishFailed(error);
    this.outbox.sent().then(finish, finish);
  }

  #begin(): void {
    const { method, handler, interceptors } = this.#answer;
    if (!this.#readsStream) {
      this.#wire.request();
      return;
    }
    this.inbox.start();
    if (interceptors.length > 0) runIntercepted(this, method, handler, interceptors);
    else runHandler(this, method, handler, undefined);
  }

  #beginAndEnd(): Promise<void> {
    return new Promise((resolve) => {
      this.#onOver = resolve;
      this.#begin();
    });
  }

  #decodeAndRun(bytes: Uint8Array): void {
    let request: unknown;
    try {
      request = this.#method.request.decode(bytes);
    } catch (thrown) {
      this.fail(this.#undecodable(thrown));
      return;
    }
    runHandler(this, this.#method, this.#answer.handler, request);
  }

  /** A bug of the handler's that is no exception of its own: INTERNAL, its words to `onError`. */
  failInternally(error: unknown): void {
    if (this.#state !== 'running' || error === this.#mapFailure) return;
    this.#report(error);
    const status =
      error instanceof ReplyTooLarge
        ? error
        : new RpcError(Status.INTERNAL, 'the handler produced an invalid reply', { cause: error });
    this.fail(status);
  }

  /** What a map throws ends the call, whatever its handler makes of that. */
  #map(maps: MessageMaps, message: unknown): unknown {
    try {
      return maps.apply(message);
    } catch (thrown) {
      this.#mapFailure = this.#ofInterceptor(thrown);
      this.#onCut?.(this.#mapFailure);
      throw this.#mapFailure;
    }
  }

  #ofInterceptor(thrown: unknown): RpcError {
    if (RpcError.is(thrown)) return thrown;
    this.#report(thrown);
    const details = 'an interceptor failed unexpectedly';
    return new RpcError(Status.UNKNOWN, details, { cause: thrown });
  }

  /** Lets interceptors see the headers; whether the call lives on after that. */
  #flushHeaders(): boolean {
    try {
      this.ctx.flushHeaders();
      return true;
    } catch (thrown) {
      const error = this.#ofInterceptor(thrown);
      this.outbox.fail(error);
      this.fail(error);
      return false;
    }
  }

  #undecodable(thrown: unknown): RpcError {
    if (thrown === this.#mapFailure) return thrown as RpcError;
    return new RpcError(Status.INTERNAL, 'the request cannot be decoded', { cause: thrown });
  }

  #finishFailed(error: RpcError): void {
    if (this.#state === 'failing') this.#finish(error.code, error.details, error.trailers);
  }

  #finish(code: number, details: string, trailers: Metadata | undefined): void {
    this.#state = 'finished';
    this.#deadline?.stop();
    if (code !== Status.OK) this.outbox.fail(new RpcError(code, details));
    this.#sendStatus(code, details, trailers);
    this.#over();
  }

  #over(): void {
    this.#host.ended(this);
    if (this.#queued) this.#host.queue?.leave();
    this.#onOver?.();
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
    this.#onCut?.(error);
    this.#over();
    return true;
  }

  /** As `#cut`, and the client is told. */
  #cutAndTell(code: number, details: string): void {
    if (this.#cut(code, details)) this.#sendStatus(code, details, undefined);
  }

  #expire(): void {
    const { maxCallDuration } = this.#host;
    const details =
      this.#deadline?.time === this.#wire.deadline
        ? 'the deadline passed'
        : `the call took longer than the server's maxCallDuration of ${maxCallDuration} ms`;
    this.#cutAndTell(Status.DEADLINE_EXCEEDED, details);
  }

  #sendStatus(code: number, details: string, extra: Metadata | undefined): void {
    const { trailers } = this.ctx;
    this.ctx.noteHeadersSent();
    if (extra !== undefined) mergeTrailers(trailers, extra);
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
    if (thrown !== undefined && (thrown === this.#mapFailure || thrown === this.#error))
      return true;
    return this.#state === 'cut off' && (RpcError.is(thrown) || isAbort(thrown));
  }

  #report(error: unknown): void {
    this.#reported = error;
    this.#host.onError(error, this.ctx);
  }
}
