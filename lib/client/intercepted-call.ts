import type { EncodedMessage } from '../base/encoded-message.js';
import type { CallOptions } from '../call/call-options.js';
import type {
  CallOpener,
  CallWait,
  ClientCallListener,
  ClientWire,
  OutgoingCall,
} from '../call/client-transport.js';
import { type ClientInterceptor, type NextOptions, runInterceptors } from '../call/interceptor.js';
import { Metadata } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { statusError } from '../status/status-error.js';
import type { StatusObject } from '../status/status-object.js';
import { toRpcError } from '../status/to-rpc-error.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';
import { Additions } from './additions.js';
import { InterceptedCallView } from './intercepted-call-view.js';
import { Passages } from './passages.js';
import type { StreamPair } from './stream-pair.js';

/** A call that interceptors stand around. */
export interface InterceptedSite {
  /** What the call is passed on to. */
  readonly opener: CallOpener;
  readonly method: MethodDescriptor;
  readonly target: string;
  readonly options: CallOptions;
  readonly interceptors: readonly ClientInterceptor[];
}

/**
 * A call with interceptors around it, in the place of its wire: the caller's side knows nothing of
 * them.
 *
 * ```
 *  running ── the interceptors are done ──► answering ── the last reply is taken ──► over
 *     └────── cancel ───────────────────────────────────────────────────────────────►┘
 * ```
 */
export class InterceptedCall implements ClientWire {
  readonly method: MethodDescriptor;
  readonly metadata: Metadata;
  readonly options: NextOptions;
  readonly deadlineTime: number;
  readonly added = new Additions();
  readonly #target: string;
  readonly #listener: ClientCallListener;
  readonly #passages: Passages;
  readonly #view: InterceptedCallView;
  #state: 'running' | 'answering' | 'over' = 'running';
  #headersSent = false;

  constructor(site: InterceptedSite, outgoing: OutgoingCall, listener: ClientCallListener) {
    const { timeout, deadline, waitForReady, compression } = site.options;
    this.method = site.method;
    this.metadata = outgoing.metadata;
    this.options = { timeout, deadline, waitForReady, compression };
    this.deadlineTime = outgoing.deadline;
    this.#target = site.target;
    this.#listener = listener;
    this.#passages = new Passages(site, this);
    this.#view = new InterceptedCallView(this);
    runInterceptors(site.interceptors, this.#view, {
      next: () => this.#passages.passOn(),
      answered: () => ({ code: Status.OK, details: '', trailers: new Metadata() }),
      layer: () => this.#passages.layer(),
    }).then(
      (status) => this.#finish(status),
      (thrown: unknown) => this.fail(thrown),
    );
  }

  get peer(): string {
    return this.#passages.peer ?? this.#target;
  }

  get connected(): boolean {
    return this.#passages.connected;
  }

  get waitsFor(): CallWait | undefined {
    return this.#passages.waitsFor;
  }

  /** Whether the call can be passed on, read from and answered. */
  get running(): boolean {
    return this.#state === 'running';
  }

  get stream(): ReadWriteStream<unknown, unknown> {
    return this.#passages.stream;
  }

  send(batch: readonly EncodedMessage[], sent: () => void): void {
    this.#passages.relay.send(batch, sent);
  }

  halfClose(): void {
    this.#passages.relay.halfClose();
  }

  request(): void {
    this.#passages.request();
  }

  cancel(code: number, details: string): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    const error = statusError(code, details);
    this.#passages.fail(error);
    this.#passages.pair?.fail(error);
    this.#view.cut(error);
  }

  /** Takes response headers for the caller, who gets the first only. Throws what a listener throws. */
  headers(headers: Metadata): void {
    if (this.#headersSent) return;
    this.added.tellHeaders(headers);
    this.#headersSent = true;
    this.#listener.onHeaders(headers);
  }

  /** Takes a reply for the caller. */
  reply(bytes: Uint8Array): void {
    this.#listener.onMessage(bytes);
  }

  /** Ends the call with what an interceptor threw, behind the replies that there are. */
  fail(thrown: unknown): void {
    if (this.#state !== 'running') return;
    this.#passages.fail(thrown);
    const error = toRpcError(thrown);
    const { code, details, trailers } = error;
    const status = { code, details, trailers };
    const { pair } = this.#passages;
    if (pair === undefined) this.#tell(status, error);
    else {
      pair.inbox.discard(error);
      pair.outbox.stop(error);
      pair.release();
      const answer = (): void => this.#answer(pair, status, error);
      pair.outbox.sent().then(answer, answer);
    }
  }

  #finish({ trailers }: StatusObject): void {
    if (this.#state !== 'running') return;
    const status = { code: Status.OK, details: '', trailers };
    const { pair } = this.#passages;
    if (pair === undefined) this.#tell(status);
    else {
      pair.outbox.close().then(
        () => this.#answer(pair, status),
        (error: unknown) => this.fail(error),
      );
    }
  }

  /** Ends the call behind the replies of `pair`. */
  #answer(pair: StreamPair, status: StatusObject, error?: RpcError): void {
    if (this.#state !== 'running') return;
    this.#state = 'answering';
    if (error !== undefined) pair.release();
    pair.end(() => this.#tell(status, error));
  }

  #tell(status: StatusObject, error?: RpcError): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#listener.onStatus(status, error);
  }
}
