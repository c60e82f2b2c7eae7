import { Deferred, rejectedQuietly } from '../base/deferred.js';
import { wordsOf } from '../base/words-of.js';
import { bufferSizes, type CallOptions } from '../call/call-options.js';
import type {
  CallOpener,
  CallWait,
  ClientCallListener,
  ClientWire,
} from '../call/client-transport.js';
import { waitsFor } from '../call/waits-for.js';
import { Metadata, toMetadata } from '../context/metadata.js';
import { encoderOf } from '../schema/encoder-of.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsReplies } from '../schema/method-kind.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { statusError } from '../status/status-error.js';
import type { StatusObject } from '../status/status-object.js';
import { EOF } from '../streams/eof.js';
import { Inbox } from '../streams/inbox.js';
import type { InboxReader } from '../streams/inbox-reader.js';
import { Outbox } from '../streams/outbox.js';
import { CallLimits } from './call-limits.js';
import type { CallWatcher } from './call-watcher.js';
import { undecodableReply } from './undecodable-reply.js';

/** Gives a stream its own way to the messages, so that one can tell when nobody has it any more. */
type Lend<T> = (inbox: Inbox<T>) => InboxReader<T>;

/**
 * One call, whatever its kind: the bidirectional core under the four shapes. It joins an outbox
 * and an inbox to the wire and sees to it that the call ends once, for everybody.
 *
 * ```
 *   open ── status from the wire, deadline, signal, cancel, undecodable reply ──► ended
 * ```
 * For methods with a single reply, the reply is held back until the status is known to be OK.
 */
export class CallCore<Req, Res> implements ClientCallListener {
  readonly outbox: Outbox<Req>;
  readonly inbox: Inbox<Res>;
  readonly #method: MethodDescriptor;
  readonly #options: CallOptions;
  readonly #watcher: CallWatcher;
  readonly #limits: CallLimits;
  readonly #singleReply: boolean;
  readonly #lend: Lend<Res> | undefined;
  readonly #wire: ClientWire | undefined;
  #status: StatusObject | undefined;
  #error: RpcError | undefined;
  #headers: Metadata | undefined;
  #reply: Uint8Array | undefined;
  #statusWanted: Deferred<StatusObject> | undefined;
  #headersWanted: Deferred<Metadata> | undefined;
  #response: Promise<Res> | undefined;

  constructor(
    opener: CallOpener,
    method: MethodDescriptor<MethodDescriptor['kind'], unknown, Res, Req>,
    options: CallOptions,
    watcher: CallWatcher,
    lend?: Lend<Res>,
  ) {
    const { highWaterMark, maxBufferedBytes, prefetchBytes } = bufferSizes(options);
    const metadata = toMetadata('metadata', options.metadata);
    this.#method = method as MethodDescriptor;
    this.#options = options;
    this.#watcher = watcher;
    this.#lend = lend;
    this.#limits = new CallLimits(options, this);
    this.#singleReply = !streamsReplies(method.kind);
    this.outbox = new Outbox<Req>({
      sink: {
        send: (batch, sent) => {
          this.#limits.noteMessage();
          this.#wire?.send(batch, sent);
        },
        halfClose: () => this.#wire?.halfClose(),
      },
      highWaterMark,
      maxBufferedBytes,
      encode: encoderOf(method.request),
      unseenRefusal: (error) =>
        this.end(Status.CANCELLED, 'a message was refused and not sent', { cause: error }),
    });
    this.inbox = new Inbox<Res>({
      prefetchBytes,
      decode: (bytes) => method.response.decode(bytes),
      request: () => {
        if (!this.ended) this.#wire?.request();
      },
      undecodable: (thrown) => this.#undecodable(thrown),
      drained: options.idleTimeout === undefined ? undefined : () => this.#limits.noteMessage(),
    });
    watcher.began(this);
    if (watcher.refusal !== undefined) this.end(Status.UNAVAILABLE, watcher.refusal);
    else this.#limits.check();
    if (this.ended) return;
    this.#wire = this.#open(opener, metadata);
    if (this.ended) return;
    this.#limits.watch();
    this.inbox.start();
  }

  get peer(): string {
    return this.#wire?.peer ?? 'unknown';
  }

  /** What the call's stream reads through. */
  get reader(): InboxReader<Res> {
    return this.#lend === undefined ? this.inbox : this.#lend(this.inbox);
  }

  /** Whether somebody waits for the headers or the end. */
  get isAwaited(): boolean {
    return this.#statusWanted !== undefined || this.#headersWanted !== undefined;
  }

  /** What the call waits for before it is sent. */
  get waitsFor(): CallWait | undefined {
    return waitsFor(this.#wire);
  }

  /** Whether the call has got a connection. */
  get connected(): boolean {
    return this.#wire?.connected ?? false;
  }

  /** Whether messages have arrived and were not read. */
  get hasUnread(): boolean {
    return this.inbox.hasUnread;
  }

  /** Whether the call is over. */
  get ended(): boolean {
    return this.#status !== undefined;
  }

  onHeaders(headers: Metadata): void {
    if (this.ended) return;
    this.#headers = headers;
    this.#headersWanted?.resolve(headers);
    try {
      this.#options.onHeaders?.(headers);
    } catch (thrown) {
      this.end(Status.CANCELLED, 'onHeaders threw', { cause: thrown });
    }
  }

  onMessage(bytes: Uint8Array): void {
    this.#limits.noteMessage();
    if (!this.#singleReply) this.inbox.push(bytes);
    else if (this.ended) return;
    else if (this.#reply !== undefined) {
      this.end(Status.UNIMPLEMENTED, `${this.#method.path} answered with more than one message`);
    } else {
      this.#reply = bytes;
      this.#wire?.request();
    }
  }

  onStatus(status: StatusObject, error?: RpcError): void {
    // At the deadline the transport or the server may be first to say so, in their own words.
    const overdue = status.code === Status.DEADLINE_EXCEEDED ? this.#limits.overdue : undefined;
    if (overdue !== undefined) {
      const cause = error ?? statusError(status.code, status.details, {});
      this.end(status.code, overdue, { trailers: status.trailers, cause });
    } else if (error !== undefined) {
      if (!this.ended) this.#fail(error);
    } else if (status.code !== Status.OK) {
      this.end(status.code, status.details, { trailers: status.trailers });
    } else if (this.#singleReply && this.#reply === undefined) {
      const details = `${this.#method.path} answered OK without a message`;
      this.end(Status.UNIMPLEMENTED, details, { trailers: status.trailers });
    } else {
      this.#settle(status, undefined);
    }
  }

  /** Ends the call with an error, from here or from the peer; what has arrived can be read. */
  end(code: number, details: string, extra: { trailers?: Metadata; cause?: unknown } = {}): void {
    if (this.ended) return;
    this.#fail(statusError(code, details, extra));
  }

  /** Ends the call as CANCELLED and drops what was not read. */
  cancel(details: string, cause?: unknown): void {
    if (!this.ended) {
      this.end(Status.CANCELLED, details, cause === undefined ? {} : { cause });
    }
    this.inbox.discard(this.#error ?? new RpcError(Status.CANCELLED, details, { cause }));
  }

  headers(): Promise<Metadata> {
    if (this.#headers !== undefined) return Promise.resolve(this.#headers);
    if (this.#error !== undefined) return rejectedQuietly(this.#error);
    if (this.ended) return Promise.resolve(new Metadata());
    this.#headersWanted ??= new Deferred();
    return this.#headersWanted.promise;
  }

  status(): Promise<StatusObject> {
    if (this.#status !== undefined) return Promise.resolve(this.#status);
    this.#statusWanted ??= new Deferred();
    return this.#statusWanted.promise;
  }

  /** The single reply. Rejects with the call's error; an ordinary promise, the same each time. */
  response(): Promise<Res> {
    this.#response ??= this.status().then(() => {
      if (this.#error !== undefined) throw this.#error;
      return this.#decodeReply();
    });
    return this.#response;
  }

  #open(opener: CallOpener, metadata: Metadata): ClientWire | undefined {
    const { path } = this.#method;
    const { deadline } = this.#limits;
    const { waitForReady, compression } = this.#options;
    try {
      return opener.open({ path, metadata, deadline, waitForReady, compression }, this);
    } catch (thrown) {
      this.end(Status.UNAVAILABLE, wordsOf(thrown), { cause: thrown });
      return undefined;
    }
  }

  #settle(status: StatusObject, error: RpcError | undefined): void {
    if (this.ended) return;
    this.#status = status;
    this.#error = error;
    this.#limits.stop();
    this.#watcher.ended(this);
    this.outbox.fail(error ?? endedWell);
    if (error === undefined && this.#reply !== undefined) this.inbox.push(this.#reply);
    this.inbox.end(error ?? EOF);
    if (error === undefined) this.#headersWanted?.resolve(new Metadata());
    else this.#headersWanted?.rejectQuietly(error);
    this.#statusWanted?.resolve(status);
    this.#tellTrailers(status.trailers);
  }

  #tellTrailers(trailers: Metadata): void {
    try {
      this.#options.onTrailers?.(trailers);
    } catch (thrown) {
      // The call is over: there is nothing left to fail, and silence would hide a bug.
      process.emitWarning(`onTrailers threw: ${wordsOf(thrown)}`, 'TributaryWarning');
    }
  }

  #fail(error: RpcError): void {
    const { code, details, trailers } = error;
    this.#settle({ code, details, trailers }, error);
    this.#wire?.cancel(code, details);
  }

  #undecodable(thrown: unknown): RpcError {
    const error = undecodableReply(this.#method, thrown);
    if (!this.ended) this.#fail(error);
    return error;
  }

  #decodeReply(): Res {
    try {
      return this.#method.response.decode(this.#reply as Uint8Array) as Res;
    } catch (thrown) {
      throw undecodableReply(this.#method, thrown);
    }
  }
}

const ENDED_OK = 'the call has already ended with OK; the message was not sent';

function endedWell(): RpcError {
  return new RpcError(Status.FAILED_PRECONDITION, ENDED_OK);
}
