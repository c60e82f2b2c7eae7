import PQueue from 'p-queue';

/** What may wait in the line. */
export interface QueuedCall {
  /** Begins; resolves when the call is over. */
  run(): Promise<void>;
  /** Aborts when it is over before it could begin. */
  readonly signal: AbortSignal;
}

/**
 * Lets a number of calls be handled at once, while others wait in a line, first come, first served.
 * A call that ends while it waits leaves the line.
 */
export class CallQueue {
  readonly #queue: PQueue;
  readonly #places: number;
  #taken = 0;

  /**
   * @param concurrency - calls that may be handled at once
   * @param maxWaiting - calls that may wait besides
   */
  constructor(concurrency: number, maxWaiting: number) {
    this.#queue = new PQueue({ concurrency });
    this.#places = concurrency + maxWaiting;
  }

  /** Whether one more call would find a place. */
  get hasRoom(): boolean {
    return this.#taken < this.#places;
  }

  /** Lets the call run, now or when it is its turn. Needs room, and a `leave` when it is over. */
  add(call: QueuedCall): void {
    this.#taken += 1;
    // A call that leaves the line rejects here; its client knows why.
    this.#queue.add(() => call.run(), { signal: call.signal }).catch(() => {});
  }

  /** A call is over, wherever it was; its place is free at once, p-queue's a few microtasks later. */
  leave(): void {
    this.#taken -= 1;
  }
}
