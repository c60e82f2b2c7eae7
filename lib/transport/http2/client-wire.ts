import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { ignore } from '../../base/deferred.js';
import type { EncodedMessage } from '../../base/encoded-message.js';
import { Fifo } from '../../base/fifo.js';
import { Timer } from '../../base/timer.js';
import { wordsOf } from '../../base/words-of.js';
import type {
  CallWait,
  ClientCallListener,
  ClientWire,
  OutgoingCall,
} from '../../call/client-transport.js';
import { Metadata } from '../../context/metadata.js';
import { Status } from '../../status/status.js';
import type { StatusObject } from '../../status/status-object.js';
import { abortStream } from './abort-stream.js';
import type { CallCarrier, CallQueue, WaitingCall } from './call-queue.js';
import { accepts } from './compression.js';
import { IncomingMessages } from './incoming-messages.js';
import { OutgoingMessages } from './outgoing-messages.js';
import { toMetadata } from './received-metadata.js';
import { finalStatus } from './received-status.js';
import { Replay } from './replay.js';
import { requestHeaders } from './request-headers.js';
import { responseFault } from './response-fault.js';
import type { WireRules } from './wire-rules.js';

/** How often a call that no server has looked at is made again. */
const MOST_REPLAYS = 3;

/**
 * The client's side of a call, on a stream of its own as soon as a connection has room for it.
 *
 * ```
 *  waiting ── start ──► open ── trailers, reset, connection lost, a fault ──► ended
 *     ▲  └─ fail, cancel ─│──────────── cancel ─────────────────────────────────┘
 *     └── refused unseen ─┘
 * ```
 */
export class Http2ClientWire implements ClientWire, WaitingCall {
  readonly #call: OutgoingCall;
  readonly #listener: ClientCallListener;
  readonly #queue: CallQueue;
  readonly #rules: WireRules;
  readonly #replay: Replay;
  /** Told when what was sent before is on its way; the oldest first. */
  readonly #sent = new Fifo<() => void>();
  #incoming: IncomingMessages;
  #carrier: CallCarrier | undefined;
  #stream: ClientHttp2Stream | undefined;
  #outgoing: OutgoingMessages | undefined;
  #wanted = false;
  #halfClosed = false;
  #answered = false;
  #trailers: IncomingHttpHeaders | undefined;
  #replays = 0;
  #timer: Timer | undefined;
  #ended = false;

  constructor(
    call: OutgoingCall,
    listener: ClientCallListener,
    queue: CallQueue,
    rules: WireRules,
  ) {
    this.#call = call;
    this.#listener = listener;
    this.#queue = queue;
    this.#rules = rules;
    this.#replay = new Replay(rules.replays);
    this.#incoming = this.#makeIncoming();
    if (rules.timeout !== undefined) this.#timer = this.#limit(rules.timeout);
    queue.add(this);
  }

  get waitForReady(): boolean {
    return this.#rules.waitForReady;
  }

  get peer(): string {
    return this.#carrier?.peer ?? this.#rules.request.authority;
  }

  get connected(): boolean {
    return this.#stream !== undefined;
  }

  get waitsFor(): CallWait | undefined {
    return this.connected ? undefined : this.#queue.waitsFor;
  }

  start(carrier: CallCarrier): void {
    const { request, encoding } = this.#rules;
    let stream: ClientHttp2Stream;
    try {
      stream = carrier.open(requestHeaders(this.#call, encoding, request));
    } catch (unfit) {
      this.fail(Status.INTERNAL, `the call cannot be sent: ${wordsOf(unfit)}`);
      return;
    }
    this.#carrier = carrier;
    this.#stream = stream;
    this.#listen(stream);
    this.#outgoing = new OutgoingMessages(stream, encoding);
    const kept = this.#replay.messages as readonly EncodedMessage[];
    const unsent = this.#sent.length;
    if (kept.length > 0) this.#outgoing.send(kept, () => this.#countSent(stream, unsent));
    if (this.#halfClosed) this.#outgoing.end();
    this.#replay.trim();
  }

  #listen(stream: ClientHttp2Stream): void {
    stream.on('error', ignore);
    stream.once('response', (headers, flags) => this.#onResponse(headers, flags));
    stream.once('trailers', (trailers) => this.#onTrailers(trailers));
    stream.once('close', () => this.#incoming.rush());
    this.#incoming.attach(stream);
  }

  fail(code: number, details: string): void {
    queueMicrotask(() => this.#end({ code, details, trailers: new Metadata() }));
  }

  send(batch: readonly EncodedMessage[], sent: () => void): void {
    if (this.#ended) return;
    const { maxSendMessageSize: most } = this.#rules;
    for (const { byteLength } of batch) {
      if (byteLength <= most) continue;
      // At once: nothing that is sent behind it may arrive.
      this.#reset();
      this.fail(
        Status.RESOURCE_EXHAUSTED,
        `a request of ${byteLength} bytes is over the limit of ${most}`,
      );
      return;
    }
    this.#replay.add(batch);
    this.#sent.push(sent);
    const stream = this.#stream;
    if (stream === undefined) return;
    this.#replay.trim();
    this.#outgoing?.send(batch, () => this.#countSent(stream, 1));
  }

  halfClose(): void {
    this.#halfClosed = true;
    this.#outgoing?.end();
  }

  request(): void {
    this.#wanted = true;
    this.#incoming.request();
  }

  cancel(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reset();
  }

  #makeIncoming(): IncomingMessages {
    return new IncomingMessages(this.#rules.maxReceiveMessageSize, {
      onMessage: (bytes) => {
        this.#wanted = false;
        this.#listener.onMessage(bytes);
      },
      onEnd: () => this.#onEnd(),
      onFault: ({ code, message }) => this.#fault(code, message),
    });
  }

  /** So many batches are on their way. */
  #countSent(stream: ClientHttp2Stream, batches: number): void {
    for (let i = 0; i < batches && !this.#ended && stream === this.#stream; i += 1) {
      this.#sent.shift()();
    }
  }

  #onResponse(headers: IncomingHttpHeaders, flags: number): void {
    if (this.#ended) return;
    this.#answered = true;
    this.#replay.giveUp();
    this.#noteAccepted(headers['grpc-accept-encoding']);
    const fault = responseFault(headers);
    if (fault !== undefined) this.#fault(fault.code, fault.message);
    else if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) this.#onTrailers(headers);
    else {
      const encoding = headers['grpc-encoding'];
      if (typeof encoding === 'string') this.#incoming.encoding = encoding;
      this.#listener.onHeaders(toMetadata(headers));
    }
  }

  #onTrailers(trailers: IncomingHttpHeaders): void {
    this.#trailers = trailers;
    this.#incoming.rush();
  }

  #noteAccepted(header: string | string[] | undefined): void {
    const { encoding, unread } = this.#rules;
    if (typeof header === 'string' && !accepts(header, encoding)) unread.add(encoding);
  }

  #onEnd(): void {
    const stream = this.#stream as ClientHttp2Stream;
    if (this.#mayTryAgain(stream)) this.#tryAgain();
    else this.#end(finalStatus(this.#trailers, this.#incoming.isWhole, stream, this.#carrier));
  }

  #mayTryAgain(stream: ClientHttp2Stream): boolean {
    if (this.#answered || this.#ended || this.#replay.messages === undefined) return false;
    if (this.#replays === MOST_REPLAYS) return false;
    return this.#carrier?.isUnprocessed(stream) ?? false;
  }

  #tryAgain(): void {
    this.#replays += 1;
    this.#stream = undefined;
    this.#outgoing = undefined;
    this.#carrier = undefined;
    this.#incoming = this.#makeIncoming();
    if (this.#wanted) this.#incoming.request();
    this.#queue.add(this);
  }

  #fault(code: number, details: string): void {
    this.#end({ code, details, trailers: new Metadata() });
  }

  #end(status: StatusObject): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reset();
    this.#listener.onStatus(status);
  }

  #limit(timeout: number): Timer {
    const details = `the call took longer than the ${timeout} ms of its method`;
    return new Timer(timeout, () => this.#fault(Status.DEADLINE_EXCEEDED, details));
  }

  /** Lets go of the connection; a stream that is still open on either side is reset. */
  #reset(): void {
    this.#timer?.stop();
    this.#replay.giveUp();
    this.#queue.remove(this);
    this.#incoming.stop();
    const stream = this.#stream;
    if (stream === undefined) return;
    const isOver = this.#trailers !== undefined && stream.writableFinished;
    if (!isOver) abortStream(stream);
  }
}
