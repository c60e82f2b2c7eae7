import type { EncodedMessage } from '../base/encoded-message.js';
import type { CancelReason, ServerCallListener, ServerWire } from '../call/server-transport.js';
import { type Metadata, mergeTrailers } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsRequests } from '../schema/method-kind.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { isAbort } from '../status/to-rpc-error.js';
import { EOF } from '../streams/eof.js';
import { Inbox } from '../streams/inbox.js';
import { Outbox } from '../streams/outbox.js';
import { CallDeadline, effectiveDeadline } from './call-deadline.js';
import { CallErrors } from './call-errors.js';
import type { CallHost, MethodAnswer, OpenCall } from './call-host.js';
import { CallMessages } from './call-messages.js';
import { finalStatus } from './final-status.js';
import { runHandler } from './run-handler.js';
import { type InterceptableCall, runIntercepted, wrongCount } from './run-intercepted.js';
import { ServerContext } from './server-context.js';

/**
 * One call being handled, whatever its kind.
 *
 * ```
 *  running ── the handler is done, doneWriting() ─────────► finished: status OK is behind the data
 *     ├────── the handler failed ──► failing ── flushed ──► finished: its status follows the data
 *     └────── cancel, deadline, shutdown ─────────────────► cut off: everything pending rejects
 * ```
 */
export class ServerCall implements ServerCallListener, InterceptableCall, OpenCall {
  readonly inbox: Inbox<unknown>;
  readonly outbox: Outbox<unknown>;
  readonly ctx: ServerContext;
  readonly messages: CallMessages;
  readonly #method: MethodDescriptor;
  readonly #answer: MethodAnswer;
  readonly #wire: ServerWire;
  readonly #host: CallHost;
  readonly #errors: CallErrors;
  readonly #deadline: CallDeadline | undefined;
  /** Whether requests are read from the inbox, not just the one that the handler is called with. */
  readonly #readsStream: boolean;
  #onCut: ((error: unknown) => void) | undefined;
  #state: 'running' | 'failing' | 'finished' | 'cut off' = 'running';
  #request: Uint8Array | undefined;
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
    this.#readsStream = intercepted || streamsRequests(method.kind);
    this.ctx = new ServerContext(method.path, wire, host, deadline);
    this.#errors = new CallErrors((error) => host.onError(error, this.ctx));
    const mapFailed = (thrown: unknown): RpcError => this.#mapFailed(thrown);
    this.messages = new CallMessages(method, host.maxSendMessageSize, intercepted, mapFailed);
    this.inbox = new Inbox<unknown>({
      prefetchBytes: host.buffers.prefetchBytes,
      decode: (bytes) => this.messages.decode(bytes),
      request: () => this.#wire.request(),
      undecodable: (thrown) => this.#errors.ofRequest(thrown),
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
      unseenRefusal: (error) => this.#refusedUnseen(error),
    });
    if (deadline !== Infinity) {
      this.#deadline = new CallDeadline(deadline, () => this.#expire());
    }
  }

  /** Whether the call has neither ended nor begun to. */
  get running(): boolean {
    return this.#state === 'running';
  }

  /** Whether the call waits in the line. */
  get waitsForTurn(): boolean {
    return this.#queued && this.#onOver === undefined;
  }

  /** Begins, or waits in the line for its turn. */
  start(): void {
    const { queue } = this.#host;
    if (queue === undefined || !this.#answer.limited) this.#begin();
    else if (queue.hasRoom) {
      this.#queued = true;
      queue.add({ run: () => this.#beginAndEnd(), signal: this.ctx.endSignal });
    } else {
      const details = 'the server handles as many calls as it may, and no more can wait';
      this.fail(new RpcError(Status.RESOURCE_EXHAUSTED, details));
    }
  }

  whenCut(listener: (error: unknown) => void): void {
    this.#onCut = listener;
  }

  noteLate(thrown: unknown): void {
    if (!this.#isKnown(thrown)) this.#errors.report(thrown);
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
    this.outbox.fail(() => new RpcError(code, 'the call is over; the message was not sent'));
  }

  /** Ends the call because the server shuts down. */
  shutDown(): void {
    this.#cutAndTell(Status.UNAVAILABLE, 'the server is shutting down');
  }

  doneWriting(): Promise<void> {
    this.inbox.discard(EOF);
    return this.outbox.close();
  }

  encode(message: unknown): EncodedMessage {
    return this.messages.encode(message);
  }

  /** Ends the call with the status that a handler's exception stands for. */
  fail(thrown: unknown): void {
    if (this.#state !== 'running') {
      this.noteLate(thrown);
      return;
    }
    this.#state = 'failing';
    const error = this.#errors.ofHandler(thrown);
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
      request = this.messages.decode(bytes);
    } catch (thrown) {
      this.fail(this.#errors.ofRequest(thrown));
      return;
    }
    runHandler(this, this.#method, this.#answer.handler, request);
  }

  /** A bug of the handler's that is no exception of its own: INTERNAL, its words to `onError`. */
  failInternally(error: unknown): void {
    if (this.#state !== 'running' || this.#errors.isOfMap(error)) return;
    this.fail(this.#errors.ofReply(error));
  }

  /** Nobody is left who would let the call fail with what a map threw. */
  #refusedUnseen(error: Error): void {
    if (this.#errors.isOfMap(error)) this.fail(error);
    else this.failInternally(error);
  }

  #mapFailed(thrown: unknown): RpcError {
    const error = this.#errors.ofMap(thrown);
    this.#onCut?.(error);
    return error;
  }

  /** Lets interceptors see the headers; whether the call lives on after that. */
  #flushHeaders(): boolean {
    try {
      this.ctx.flushHeaders();
      return true;
    } catch (thrown) {
      const error = this.#errors.ofInterceptor(thrown);
      this.outbox.fail(error);
      this.fail(error);
      return false;
    }
  }

  #finishFailed(error: RpcError): void {
    if (this.#state === 'failing') this.#finish(error.code, error.details, error.trailers);
  }

  #finish(code: number, details: string, trailers: Metadata | undefined): void {
    this.#state = 'finished';
    this.#deadline?.stop();
    if (code !== Status.OK) this.outbox.fail(() => new RpcError(code, details));
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
    const status = { code, details, trailers };
    this.#wire.finish(finalStatus(status, (misuse) => this.#errors.report(misuse)));
  }

  /** Whether a call that is over anyway may ignore that its handler threw this. */
  #isKnown(thrown: unknown): boolean {
    if (this.#errors.isKnown(thrown)) return true;
    return this.#state === 'cut off' && (RpcError.is(thrown) || isAbort(thrown));
  }
}
