import type { ReconnectBackoffOptions } from '../../../call/channel-options.js';

/** Milliseconds before the second attempt unless told otherwise. */
const INITIAL = 1_000;
/** The longest wait in milliseconds unless told otherwise. */
const MAX = 120_000;
const MULTIPLIER = 1.6;
/** The part by which waits differ from one another, so that clients do not come back all at once. */
const JITTER = 0.2;

/**
 * How long after the begin of an attempt that failed the next may begin: longer each time.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md
 */
export class Backoff {
  readonly #initial: number;
  readonly #max: number;
  #current = 0;

  constructor({ initial = INITIAL, max = MAX }: ReconnectBackoffOptions = {}) {
    this.#initial = Math.min(initial, max);
    this.#max = max;
  }

  /** Milliseconds, never more than the longest wait. */
  next(): number {
    if (this.#current === 0) {
      this.#current = this.#initial;
      return this.#initial;
    }
    this.#current = Math.min(this.#current * MULTIPLIER, this.#max);
    const jitter = this.#current * JITTER * (2 * Math.random() - 1);
    return Math.min(this.#current + jitter, this.#max);
  }

  /** An attempt has succeeded: the next wait is the first again. */
  reset(): void {
    this.#current = 0;
  }
}
