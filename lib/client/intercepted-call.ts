import { bufferSizes, type CallOptions } from '../call/call-options.js';
import type {
  CallOpener,
  ClientCallListener,
  ClientWire,
  OutgoingCall,
} from '../call/client-transport.js';
import { type ClientInterceptor, type NextOptions, runInterceptors } from '../call/interceptor.js';
import { MessageMaps } from '../call/message-maps.js';
import { checkMetadata, Metadata } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsReplies, streamsRequests } from '../schema/method-kind.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { statusError } from '../status/status-error.js';
import type { StatusObject } from '../status/status-object.js';
import { toRpcError } from '../status/to-rpc-error.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';
import { Attempt } from './attempt.js';
import { CallCore } from './call-core.js';
import { CallLimits } from './call-limits.js';
import { InterceptedCallView } from './intercepted-call-view.js';
import { passStreamOn } from './pass-stream-on.js';
import { RequestRelay } from './request-relay.js';
import { StreamPair } from './stream-pair.js';

/** A call that interceptors stand around. */
export interface InterceptedSite {
  /** What the call is passed on to. */
  readonly opener: CallOpener;
  readonly method: MethodDescriptor;
  readonly target: string;
  readonly options: CallOptions;
  readonly interceptors: readonly ClientInterceptor[];
}

/** The call while it is passed on. */
interface Passage {
  readonly peer: string | undefined;
  readonly connected: boolean;
  fail(error: unknown): void;
}

/**
 * A call with interceptors around it, in the place of its wire: the caller's side knows nothing of
 * them. As long as none of them asks for `call.stream`, the messages pass them by.
 *
 * ```
 *  caller ──►  relay ──►  attempt ───────────────────────►  wire      nobody touches the stream
 *                └─────►  pair ──► interceptor ──► core ──►  wire      somebody does
 *
 *  running ── the interceptors are done ──► answering ── the last reply is taken ──► over
 *     └────── cancel ───────────────────────────────────────────────────────────────►┘
 * ```
 */
export class InterceptedCall implements ClientWire {
  readonly method: MethodDescriptor;
  readonly metadata: Metadata;
  readonly options: NextOptions;
  readonly deadlineTime: number;
  readonly requestMaps = new MessageMaps();
  readonly replyMaps = new MessageMaps();
  readonly headersListeners: ((headers: Metadata) => void)[] = [];
  readonly singleReply: boolean;
  readonly #site: InterceptedSite;
  readonly #listener: ClientCallListener;
  readonly #relay: RequestRelay;
  readonly #view: InterceptedCallView;
  #state: 'running' | 'answering' | 'over' = 'running';
  #passage: Passage | undefined;
  #attempt: Attempt | undefined;
  #pair: StreamPair | undefined;
  #replyWanted = false;
  #headersSent = false;

  constructor(site: InterceptedSite, outgoing: OutgoingCall, listener: ClientCallListener) {
    const { timeout, deadline, waitForReady, compression } = site.options;
    const { kind } = site.method;
    this.method = site.method;
    this.metadata = outgoing.metadata;
    this.options = { timeout, deadline, waitForReady, compression };
    this.deadlineTime = outgoing.deadline;
    this.singleReply = !streamsReplies(kind);
    this.#site = site;
    this.#listener = listener;
    this.#relay = new RequestRelay(!streamsRequests(kind));
    this.#view = new InterceptedCallView(this);
    const answered = (): StatusObject => ({ code: 0, details: '', trailers: new Metadata() });
    runInterceptors(site.interceptors, this.#view, () => this.#passOn(), answered).then(
      (status) => this.#finish(status),
      (thrown: unknown) => this.#fail(thrown),
    );
  }

  get peer(): string {
    return this.#passage?.peer ?? this.#site.target;
  }

  get connected(): boolean {
    return this.#passage?.connected ?? false;
  }

  /** The pair, made when it is first asked for; what was passed on before cannot be read from it. */
  get stream(): ReadWriteStream<unknown, unknown> {
    this.#pair ??= this.#makePair();
    return this.#pair.stream;
  }

  send(batch: readonly Uint8Array[], sent: () => void): void {
    this.#relay.send(batch, sent);
  }

  halfClose(): void {
    this.#relay.halfClose();
  }

  request(): void {
    this.#replyWanted = true;
    this.#attempt?.request();
    this.#pair?.request();
  }

  cancel(code: number, details: string): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    const error = statusError(code, details);
    this.#passage?.fail(error);
    this.#pair?.fail(error);
    this.#view.cut(error);
  }

  mapRequests(batch: readonly Uint8Array[]): readonly Uint8Array[] {
    if (this.requestMaps.isEmpty) return batch;
    return batch.map((bytes) => this.requestMaps.applyToBytes(bytes, this.method.request));
  }

  mapReply(bytes: Uint8Array): Uint8Array {
    return this.replyMaps.applyToBytes(bytes, this.method.response);
  }

  headers(headers: Metadata): void {
    if (this.#headersSent) return;
    for (const listener of this.headersListeners) listener(headers);
    this.#headersSent = true;
    this.#listener.onHeaders(headers);
  }

  reply(bytes: Uint8Array): void {
    this.#replyWanted = false;
    this.#listener.onMessage(bytes);
  }

  async #passOn(): Promise<StatusObject> {
    if (this.#state !== 'running') throw tooLate('the call is over');
    if (this.#passage !== undefined) throw tooLate('it was called before, and that has not ended');
    checkMetadata('metadata', this.metadata);
    try {
      return await (this.#pair === undefined ? this.#tryOnce() : this.#passPairOn(this.#pair));
    } finally {
      this.#passage = undefined;
    }
  }

  async #tryOnce(): Promise<StatusObject> {
    const attempt = new Attempt(this);
    const { timeout, deadline, waitForReady, compression } = this.options;
    const limits = new CallLimits({ timeout, deadline }, attempt);
    limits.check();
    this.#passage = attempt;
    this.#attempt = attempt;
    attempt.start((listener) =>
      this.#site.opener.open(
        {
          path: this.method.path,
          metadata: this.metadata.clone(),
          deadline: Math.min(limits.deadline, this.deadlineTime),
          waitForReady,
          compression,
        },
        listener,
      ),
    );
    if (limits.deadline < this.deadlineTime) limits.watch();
    try {
      this.#relay.passTo(attempt);
      if (this.#replyWanted) attempt.request();
      return await attempt.result;
    } catch (error) {
      attempt.fail(error);
      throw error;
    } finally {
      limits.stop();
      this.#relay.detach();
      this.#attempt = undefined;
    }
  }

  #passPairOn(pair: StreamPair): Promise<StatusObject> {
    const { timeout, waitForReady, deadline, compression } = this.options;
    const latest = Math.min(deadline?.getTime() ?? Infinity, this.deadlineTime);
    const options: CallOptions = {
      ...bufferSizes(this.#site.options),
      metadata: this.metadata,
      timeout,
      deadline: latest === Infinity ? undefined : new Date(latest),
      waitForReady,
      compression,
      onHeaders: (headers) => this.headers(headers),
    };
    const core = new CallCore<unknown, unknown>(this.#site.opener, this.method, options, UNWATCHED);
    this.#passage = {
      get peer() {
        return core.peer;
      },
      get connected() {
        return core.connected;
      },
      fail: (error) => core.cancel('the call was given up', error),
    };
    return passStreamOn(core, pair);
  }

  #makePair(): StreamPair {
    const { request, response } = this.method;
    const pair = new StreamPair({
      buffers: bufferSizes(this.#site.options),
      decodeRequest: (bytes) => this.requestMaps.apply(request.decode(bytes)),
      encodeReply: (reply) => response.encode(this.replyMaps.apply(reply)),
      undecodable: (thrown) => toRpcError(thrown),
      reply: (bytes) => this.reply(bytes),
      fail: (thrown) => this.#fail(thrown),
    });
    if (this.#state === 'over') pair.fail(tooLate('the call is over'));
    else if (this.#relay.isTaken) pair.halfClose();
    else this.#relay.passTo(pair);
    if (this.#replyWanted) pair.request();
    return pair;
  }

  #finish({ trailers }: StatusObject): void {
    if (this.#state !== 'running') return;
    const status = { code: Status.OK, details: '', trailers };
    const pair = this.#pair;
    if (pair === undefined) this.#tell(status);
    else {
      pair.outbox.close().then(
        () => this.#answer(pair, status),
        (error: unknown) => this.#fail(error),
      );
    }
  }

  #fail(thrown: unknown): void {
    if (this.#state !== 'running') return;
    this.#passage?.fail(thrown);
    const error = toRpcError(thrown);
    const { code, details, trailers } = error;
    const status = { code, details, trailers };
    const pair = this.#pair;
    if (pair === undefined) this.#tell(status, error);
    else {
      pair.inbox.discard(error);
      pair.outbox.stop(error);
      pair.release();
      const answer = (): void => this.#answer(pair, status, error);
      pair.outbox.sent().then(answer, answer);
    }
  }

  /** Ends the call behind the replies of `pair`. */
  #answer(pair: StreamPair, status: StatusObject, error?: RpcError): void {
    if (this.#state !== 'running') return;
    this.#state = 'answering';
    pair.end(() => this.#tell(status, error));
  }

  #tell(status: StatusObject, error?: RpcError): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#listener.onStatus(status, error);
  }
}

const UNWATCHED = { refusal: undefined, began: (): void => {}, ended: (): void => {} };

function tooLate(why: string): RpcError {
  return new RpcError(Status.FAILED_PRECONDITION, `next() cannot pass the call on: ${why}`);
}
