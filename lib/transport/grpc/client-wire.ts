import {
  type ChannelInterface,
  connectivityState,
  type InterceptingListener,
  type Metadata,
  type StatusObject,
} from '@grpc/grpc-js';
import type { EncodedMessage } from '../../base/encoded-message.js';
import type { CallWait, ClientCallListener, ClientWire } from '../../call/client-transport.js';
import { Status } from '../../status/status.js';
import { frameSize } from '../../streams/frame-size.js';
import type { Lane } from './channels.js';
import { canJoin, type JoinedMessage, joinMessages, stopJoining } from './joined-message.js';
import type { MethodRule } from './method-rules.js';
import { serverHasEnded } from './server-has-ended.js';
import { toBuffer } from './to-buffer.js';
import { toStatus } from './to-status.js';

/** grpc-js's flag for a message that is not to be compressed; it exports its name as a type only. */
const NO_COMPRESS = 2;

type Call = ReturnType<ChannelInterface['createCall']>;
type MessageContext = Parameters<Call['sendMessageWithContext']>[0];
const NO_RULE: MethodRule = {};

/**
 * A client call driven at grpc-js's call level, below its Duplex streams.
 *
 * One message is in flight at a time: until the call has a connection grpc-js has room for one, and
 * silently replaces it by a second. Where nothing is compressed, messages that wait together go as
 * one. The half-close may follow the last message at once.
 */
export class GrpcClientWire implements ClientWire, InterceptingListener {
  readonly #call: Call;
  readonly #listener: ClientCallListener;
  readonly #lane: Lane;
  readonly #readyAtStart: boolean;
  readonly #batches: Batch[] = [];
  #next = 0;
  #inFlight = false;
  #halfClosing = false;
  #started = false;
  #ended = false;
  #asItIs: MessageContext | undefined;
  /** What is in flight, if that is several messages. */
  #joined: JoinedMessage | undefined;
  readonly #maxRequestBytes: number;
  readonly #maxResponseBytes: number;

  /** @param lane - the channel that the call travels on */
  constructor(
    call: Call,
    metadata: Metadata,
    listener: ClientCallListener,
    lane: Lane,
    { maxRequestBytes = Infinity, maxResponseBytes = Infinity }: MethodRule = NO_RULE,
  ) {
    this.#call = call;
    this.#listener = listener;
    this.#lane = lane;
    this.#maxRequestBytes = maxRequestBytes;
    this.#maxResponseBytes = maxResponseBytes;
    this.#readyAtStart = this.#isReady();
    call.start(metadata, this);
  }

  get peer(): string {
    const peer = this.#call.getPeer();
    return peer === 'unknown' ? this.#lane.channel.getTarget() : peer;
  }

  /**
   * grpc-js does not say it: its calls name the target, or nobody, until they have a connection and
   * often beyond. A channel that was ready when the call began has given it one, and may have turned
   * to another since, if the server is shutting down.
   */
  get connected(): boolean {
    if (this.#started || this.#readyAtStart || this.#isReady()) return true;
    const peer = this.#call.getPeer();
    return peer !== this.#lane.channel.getTarget() && peer !== 'unknown';
  }

  /** A call beyond the streams that the server allows looks to grpc-js as if it were on its way. */
  get waitsFor(): CallWait | undefined {
    if (this.#started) return undefined;
    return this.connected ? 'a place, perhaps' : 'a connection';
  }

  send(messages: readonly EncodedMessage[], sent: () => void): void {
    this.#batches.push({ messages, sent });
    this.#pump();
  }

  halfClose(): void {
    this.#halfClosing = true;
    if (this.#batches.length === 0 && !this.#ended) this.#call.halfClose();
    else if (this.#isLastInFlight()) this.#call.halfClose();
  }

  request(): void {
    if (!this.#ended) this.#call.startRead();
  }

  cancel(code: number, details: string): void {
    if (this.#ended) return;
    this.#end();
    this.#call.cancelWithStatus(code, details);
    if (!this.#started) this.#cancelAgain(code, details);
  }

  onReceiveMetadata(metadata: Metadata): void {
    this.#started = true;
    if (!this.#ended) this.#listener.onHeaders(metadata);
  }

  onReceiveMessage(message: Buffer): void {
    if (this.#ended) return;
    if (message.length <= this.#maxResponseBytes) this.#listener.onMessage(message);
    else this.#refuse('response', message.length, this.#maxResponseBytes);
  }

  onReceiveStatus(status: StatusObject): void {
    if (this.#ended) return;
    this.#end();
    const { code, details, trailers } = toStatus(status);
    if (!this.#started && code === Status.DEADLINE_EXCEEDED) this.#cancelAgain(code, details);
    this.#listener.onStatus({ code, details, trailers });
  }

  #pump(): void {
    const batch = this.#batches[0];
    if (this.#inFlight || this.#ended || batch === undefined) return;
    this.#inFlight = true;
    if (serverHasEnded(this.#call)) {
      // As on any stream that the server has left: nobody is there to take it.
      this.#next = batch.messages.length;
      queueMicrotask(this.#context.callback);
      return;
    }
    const count = this.#joinable(batch.messages);
    const from = this.#next;
    this.#next += count;
    if (count > 1) this.#sendJoined(batch.messages.slice(from, this.#next));
    else this.#sendOne(batch.messages[from] as EncodedMessage);
    if (this.#halfClosing && this.#isLastInFlight()) this.#call.halfClose();
  }

  #sendOne(message: EncodedMessage): void {
    const { byteLength } = message;
    if (byteLength > this.#maxRequestBytes) {
      this.#refuse('request', byteLength, this.#maxRequestBytes);
      return;
    }
    const context = byteLength < this.#lane.compressFrom ? this.#uncompressed() : this.#context;
    this.#call.sendMessageWithContext(context, toBuffer(message.bytes));
  }

  #sendJoined(messages: readonly EncodedMessage[]): void {
    this.#joined = joinMessages(messages);
    this.#call.sendMessageWithContext(this.#context, this.#joined);
  }

  /** How many of the messages that are next can go as one, 1 or more. */
  #joinable(messages: readonly EncodedMessage[]): number {
    const most = canJoin() ? this.#lane.mostJoined : 0;
    let count = 0;
    for (let size = 0; this.#next + count < messages.length; count += 1) {
      const message = messages[this.#next + count] as EncodedMessage;
      size += frameSize(message);
      if (size > most || message.byteLength > this.#maxRequestBytes) break;
    }
    return Math.max(count, 1);
  }

  readonly #context = {
    callback: (): void => {
      if (this.#ended) return;
      if (this.#joined?.framed === false) {
        this.#failJoined();
        return;
      }
      this.#joined = undefined;
      this.#inFlight = false;
      const batch = this.#batches[0] as Batch;
      if (this.#next === batch.messages.length) {
        this.#next = 0;
        this.#batches.shift();
        batch.sent();
      }
      this.#pump();
    },
  };

  #uncompressed(): MessageContext {
    this.#asItIs ??= { ...this.#context, flags: NO_COMPRESS };
    return this.#asItIs;
  }

  /** Messages went out as one: the server has no way to tell them apart. */
  #failJoined(): void {
    stopJoining();
    this.#call.cancelWithStatus(Status.INTERNAL, 'grpc-js frames messages in an unknown way');
  }

  /** Ends the call for a message over a limit of its method; grpc-js then reports the status. */
  #refuse(what: string, size: number, limit: number): void {
    const details = `a ${what} of ${size} bytes is over the limit of ${limit} for this method`;
    this.#call.cancelWithStatus(Status.RESOURCE_EXHAUSTED, details);
    if (!this.#started) this.#cancelAgain(Status.RESOURCE_EXHAUSTED, details);
  }

  /**
   * grpc-js forgets a cancellation that comes while it prepares the call's metadata, a few
   * microtasks long: it then starts the call all the same, and nothing would ever end it.
   * `__tests__/transport/grpc-traps.test.ts` tells when this is mended.
   */
  #cancelAgain(code: number, details: string): void {
    setImmediate(() => this.#call.cancelWithStatus(code, details));
  }

  #isReady(): boolean {
    return this.#lane.channel.getConnectivityState(false) === connectivityState.READY;
  }

  #isLastInFlight(): boolean {
    const [batch, later] = this.#batches;
    return (
      this.#inFlight && !this.#ended && later === undefined && this.#next === batch?.messages.length
    );
  }

  #end(): void {
    this.#ended = true;
    this.#batches.length = 0;
  }
}

interface Batch {
  readonly messages: readonly EncodedMessage[];
  readonly sent: () => void;
}
