import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { MessageSink } from '../streams/outbox.js';

interface Batch {
  readonly messages: readonly Uint8Array[];
  readonly sent: () => void;
}

/**
 * What a caller sends, kept until it is known where it goes: to the network, once the interceptors
 * have passed the call on, or to one of them that reads it. A single request is kept for ever, so
 * that a call can be passed on again.
 */
export class RequestRelay implements MessageSink {
  readonly #keeps: boolean;
  readonly #batches: Batch[] = [];
  #halfClosed = false;
  #passedOn = false;
  #sink: MessageSink | undefined;

  /** @param keeps - whether there is one request only */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** Whether somebody gets, or has got, what the caller sends. */
  get isTaken(): boolean {
    return this.#sink !== undefined || this.#passedOn;
  }

  send(messages: readonly Uint8Array[], sent: () => void): void {
    if (this.#sink === undefined || this.#keeps) this.#batches.push({ messages, sent });
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
    if (this.#passedOn && !this.#keeps) {
      throw new RpcError(
        Status.FAILED_PRECONDITION,
        'next() was called again, but the requests of a stream cannot be sent again',
      );
    }
    this.#sink = sink;
    const batches = this.#keeps ? this.#batches : this.#batches.splice(0);
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
