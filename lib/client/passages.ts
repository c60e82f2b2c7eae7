import type { EncodedMessage } from '../base/encoded-message.js';
import { bufferSizes, type CallOptions, checkCallOptions } from '../call/call-options.js';
import type { CallOpener, CallWait } from '../call/client-transport.js';
import type { NextOptions } from '../call/interceptor.js';
import { earliestDeadline } from '../context/deadline.js';
import { checkMetadata, type Metadata } from '../context/metadata.js';
import { encoderOf } from '../schema/encoder-of.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsReplies, streamsRequests } from '../schema/method-kind.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { StatusObject } from '../status/status-object.js';
import { toRpcError } from '../status/to-rpc-error.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';
import type { Additions } from './additions.js';
import { Attempt, type AttemptHost } from './attempt.js';
import { PairPassage } from './pair-passage.js';
import type { Passage } from './passage.js';
import { RequestRelay, requestsGone } from './request-relay.js';
import { StreamPair } from './stream-pair.js';

/** What passing a call on needs to know of it. */
export interface PassedCall {
  readonly metadata: Metadata;
  readonly options: NextOptions;
  /** The caller's deadline in milliseconds since the epoch; Infinity for none. */
  readonly deadlineTime: number;
  readonly added: Additions;
  readonly running: boolean;
  headers(headers: Metadata): void;
  reply(bytes: Uint8Array): void;
  fail(thrown: unknown): void;
}

/** Where calls are passed on to. */
export interface PassedSite {
  readonly opener: CallOpener;
  readonly method: MethodDescriptor;
  readonly options: CallOptions;
}

/**
 * The ways of a call through its interceptors. As long as none of them asks for `call.stream`, the
 * messages pass them by.
 *
 * ```
 *  caller ──►  relay ──►  attempt ───────────────────────►  wire      nobody touches the stream
 *                └─────►  pair ──► interceptor ──► core ──►  wire      somebody does
 * ```
 */
export class Passages implements AttemptHost {
  readonly relay: RequestRelay;
  readonly singleReply: boolean;
  readonly #site: PassedSite;
  readonly #call: PassedCall;
  readonly #opener: CallOpener;
  #passage: Passage | undefined;
  /** Settles when `#passage` has come to its end. */
  #passing: Promise<unknown> | undefined;
  #lastPeer: string | undefined;
  #wasConnected = false;
  #attempt: Attempt | undefined;
  #pair: StreamPair | undefined;
  #requestsGone = false;
  #replyWanted = false;

  constructor(site: PassedSite, call: PassedCall) {
    const { kind } = site.method;
    this.relay = new RequestRelay(!streamsRequests(kind));
    this.singleReply = !streamsReplies(kind);
    this.#site = site;
    this.#call = call;
    this.#opener = {
      open: (outgoing, listener) => {
        const deadline = Math.min(outgoing.deadline, call.deadlineTime);
        return site.opener.open({ ...outgoing, deadline }, listener);
      },
    };
  }

  /** The address of whoever is or was the last to answer. */
  get peer(): string | undefined {
    return this.#passage?.peer ?? this.#lastPeer;
  }

  /** Whether the call has had a connection, or an interceptor has answered it without. */
  get connected(): boolean {
    return this.#wasConnected || this.#pair?.hasReplies || (this.#passage?.connected ?? false);
  }

  /** What the call waits for before it is sent. */
  get waitsFor(): CallWait | undefined {
    if (this.#passage === undefined) return this.connected ? undefined : 'its interceptors';
    return this.connected ? undefined : this.#passage.waitsFor;
  }

  /** What interceptors read and write, if one of them has asked for it. */
  get pair(): StreamPair | undefined {
    return this.#pair;
  }

  /** The pair, made when it is first asked for; what was passed on before cannot be read from it. */
  get stream(): ReadWriteStream<unknown, unknown> {
    this.#pair ??= this.#makePair();
    return this.#pair.stream;
  }

  /** The caller asks for a reply. */
  request(): void {
    this.#replyWanted = true;
    this.#attempt?.request();
    this.#pair?.request();
  }

  /** Gives up what the call is being passed on to, if anything. */
  fail(thrown: unknown): void {
    this.#passage?.fail(thrown);
  }

  /**
   * One of the interceptors begins; what it and those further in have added goes when it is done, and
   * what they have passed on and did not wait for is given up: its replies must not mingle with those
   * of whoever makes that good.
   */
  layer(): () => Promise<void> | undefined {
    const takeAway = this.#call.added.mark();
    const pair = this.#pair;
    const clear = (): void => {
      takeAway();
      if (pair === undefined) this.#dropUnusedPair();
    };
    return () => {
      if (this.#passing !== undefined) {
        this.fail(givenUp());
        return this.#passing.then(clear, clear);
      }
      clear();
      return undefined;
    };
  }

  passOn(): Promise<StatusObject> {
    const passing = this.#passOn();
    if (this.#passing !== undefined) return passing;
    this.#passing = passing;
    const over = (): void => {
      this.#passing = undefined;
    };
    passing.then(over, over);
    return passing;
  }

  async #passOn(): Promise<StatusObject> {
    if (!this.#call.running) throw tooLate('the call is over');
    if (this.#passage !== undefined) throw tooLate('it was called before, and that has not ended');
    if (this.#requestsGone) throw requestsGone();
    checkMetadata('metadata', this.#call.metadata);
    checkCallOptions('next()', this.#call.options);
    try {
      return await (this.#pair === undefined ? this.#passDirectly() : this.#passPairOn(this.#pair));
    } finally {
      this.#lastPeer = this.peer;
      this.#wasConnected = this.connected;
      this.#passage = undefined;
    }
  }

  mapRequests(batch: readonly EncodedMessage[]): readonly EncodedMessage[] {
    const { requestMaps } = this.#call.added;
    if (requestMaps.isEmpty) return batch;
    return batch.map((message) => requestMaps.applyToEncoded(message, this.#site.method.request));
  }

  mapReply(bytes: Uint8Array): Uint8Array {
    return this.#call.added.replyMaps.applyToBytes(bytes, this.#site.method.response);
  }

  headers(headers: Metadata): void {
    this.#call.headers(headers);
  }

  reply(bytes: Uint8Array): void {
    this.#replyWanted = false;
    this.#call.reply(bytes);
  }

  /** The options, without a limit that the whole call has anyway: its own clock is enough. */
  #tighter(): NextOptions {
    const { options, deadlineTime } = this.#call;
    if (earliestDeadline(options) < deadlineTime) return options;
    return { ...options, timeout: undefined, deadline: undefined };
  }

  async #passDirectly(): Promise<StatusObject> {
    const { metadata } = this.#call;
    const attempt = new Attempt(this, this.#site.method.path);
    this.#passage = attempt;
    this.#attempt = attempt;
    try {
      attempt.start(this.#opener, this.#tighter(), metadata.clone());
      this.relay.passTo(attempt);
      if (this.#replyWanted) attempt.request();
      return await attempt.result;
    } catch (error) {
      attempt.fail(error);
      throw error;
    } finally {
      this.relay.detach();
      this.#attempt = undefined;
    }
  }

  async #passPairOn(pair: StreamPair): Promise<StatusObject> {
    const { metadata } = this.#call;
    const { method } = this.#site;
    const passage = new PairPassage(
      pair,
      this.#opener,
      method,
      { ...bufferSizes(this.#site.options), ...this.#tighter(), metadata },
      (headers) => this.#call.headers(headers),
    );
    this.#passage = passage;
    const taken = pair.requestsTaken;
    try {
      return await passage.run();
    } finally {
      this.#requestsGone = pair.requestsTaken > taken;
    }
  }

  #makePair(): StreamPair {
    const { method, options } = this.#site;
    const { added } = this.#call;
    const encodeReply = encoderOf(method.response);
    const pair = new StreamPair({
      buffers: bufferSizes(options),
      decodeRequest: (bytes) => added.requestMaps.apply(method.request.decode(bytes)),
      encodeReply: (reply) => encodeReply(added.replyMaps.apply(reply)),
      undecodable: (thrown) => toRpcError(thrown),
      reply: (bytes) => this.reply(bytes),
      fail: (thrown) => this.#call.fail(thrown),
    });
    if (!this.#call.running) pair.fail(notThere('the call is over'));
    else if (!this.relay.isTaken) this.relay.passTo(pair);
    else {
      this.#requestsGone = true;
      pair.halfClose();
    }
    if (this.#replyWanted) pair.request();
    return pair;
  }

  /** A single request can be read anew, as long as nobody has answered it. */
  #dropUnusedPair(): void {
    if (this.#pair === undefined || this.#pair.hasReplies || !this.relay.keeps) return;
    this.#pair.fail(notThere('the interceptor that asked for it is done'));
    this.#pair = undefined;
    this.#requestsGone = false;
    this.relay.detach();
  }
}

function tooLate(why: string): RpcError {
  return new RpcError(Status.FAILED_PRECONDITION, `next() cannot pass the call on: ${why}`);
}

function givenUp(): RpcError {
  return new RpcError(Status.CANCELLED, 'an interceptor was done before the call it had passed on');
}

function notThere(why: string): RpcError {
  return new RpcError(Status.FAILED_PRECONDITION, `call.stream cannot be used: ${why}`);
}
