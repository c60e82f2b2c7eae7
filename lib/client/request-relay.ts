import type { EncodedMessage } from '../base/encoded-message.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { MessageSink } from '../streams/outbox.js';

interface Batch {
  readonly messages: readonly EncodedMessage[];
  readonly sent: () => void;
}

/**
 * What a caller sends, kept until it is known where it goes: to the network, once the interceptors
 * have passed the call on, or to one of them that reads it. A single request is kept for ever, so
 * that a call can be passed on again.
 */
export class RequestRelay implements MessageSink {
  /** Whether there is one request only, which can be passed on again. */
  readonly keeps: boolean;
  readonly #batches: Batch[] = [];
  #halfClosed = false;
  #passedOn = false;
  #sink: MessageSink | undefined;

  constructor(keeps: boolean) {
    this.keeps = keeps;
  }

  /** Whether what the caller sends, or a part of it, goes to somebody or has gone for good. */
  get isTaken(): boolean {
    return this.#sink !== undefined || (this.#passedOn && !this.keeps);
  }

  send(messages: readonly EncodedMessage[], sent: () => void): void {
    if (this.#sink === undefined || this.keeps) this.#batches.push({ messages, sent });
    if (this.#sink === undefined) return;
    this.#passedOn = true;
    this.#sink.send(messages, sent);
  }

  halfClose(): void {
    this.#halfClosed = true;
    this.#sink?.halfClose();
  }

  /**
   * Passes on to `sink` what is there and what comes.
   *
   * @throws {RpcError} FAILED_PRECONDITION when requests of a stream are gone already
   */
  passTo(sink: MessageSink): void {
    if (this.#passedOn && !this.keeps) throw requestsGone();
    this.#sink = sink;
    const batches = this.keeps ? this.#batches : this.#batches.splice(0);
    for (const { messages, sent } of batches) {
      this.#passedOn = true;
      sink.send(messages, sent);
    }
    if (this.#halfClosed) sink.halfClose();
  }

  /** Keeps what comes from now on. */
  detach(): void {
    this.#sink = undefined;
  }
}

/** Why a call cannot be passed on once more. */
export function requestsGone(): RpcError {
  return new RpcError(
    Status.FAILED_PRECONDITION,
    'next() was called again, but requests that were taken from the stream cannot be sent again',
  );
}
