import type { EncodedMessage } from '../base/encoded-message.js';
import { Fifo } from '../base/fifo.js';
import type { Sized } from './frame-size.js';

/** From this many waiting bytes on, a batch is sent though another is still on its way. */
const BATCH_BYTES = 32 * 1024;

/** Sends messages in order. Calls `sent` once, later, when there is room for more. */
export type SendBatch<Raw> = (batch: readonly Raw[], sent: () => void) => void;

/**
 * Joins messages to batches.
 *
 * ```
 *  add ──►  [ waiting ]  ── a batch ──►  ( on its way )  ── sent ──►  gone
 * ```
 * A batch leaves at the end of the microtask if nothing is on its way, otherwise when that has
 * been sent or 32 KiB wait; so a lone message is not delayed and many travel together.
 */
export class Batcher<Raw extends Sized = EncodedMessage> {
  readonly #send: SendBatch<Raw>;
  readonly #onSent: () => void;
  readonly #sizes = new Fifo<number>();
  #waiting: Raw[] = [];
  #waitingBytes = 0;
  #bufferedBytes = 0;
  #flushScheduled = false;

  /** @param onSent - told whenever a batch has been sent, so that fewer bytes are buffered */
  constructor(send: SendBatch<Raw>, onSent: () => void) {
    this.#send = send;
    this.#onSent = onSent;
  }

  /** Bytes that wait or are on their way. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** @param size - what the message counts, in bytes */
  add(message: Raw, size: number): void {
    this.#waiting.push(message);
    this.#waitingBytes += size;
    this.#bufferedBytes += size;
    if (this.#waitingBytes >= BATCH_BYTES) this.flush();
    else if (this.#sizes.length === 0 && !this.#flushScheduled) {
      this.#flushScheduled = true;
      queueMicrotask(this.#flushNow);
    }
  }

  /** Sends what waits, now. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#sizes.push(this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#send(batch, this.#sent);
  }

  /** Forgets everything; what is on its way is not counted when it has been sent. */
  clear(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#bufferedBytes = 0;
    this.#sizes.clear();
  }

  readonly #flushNow = (): void => {
    this.#flushScheduled = false;
    this.flush();
  };

  readonly #sent = (): void => {
    if (this.#sizes.length === 0) return;
    this.#bufferedBytes -= this.#sizes.shift();
    if (this.#sizes.length === 0) this.flush();
    this.#onSent();
  };
}
