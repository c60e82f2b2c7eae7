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
  readonly #maxWaiting: number;

  /**
   * @param concurrency - calls that may be handled at once
   * @param maxWaiting - calls that may wait besides
   */
  constructor(concurrency: number, maxWaiting: number) {
    this.#queue = new PQueue({ concurrency });
    this.#maxWaiting = maxWaiting;
  }

  /** Whether one more call would find a place. */
  get hasRoom(): boolean {
    const { pending, concurrency, size } = this.#queue;
    return pending < concurrency || size < this.#maxWaiting;
  }

  /** Lets the call run, now or when it is its turn. */
  add(call: QueuedCall): void {
    // A call that leaves the line rejects here; its client knows why.
    this.#queue.add(() => call.run(), { signal: call.signal }).catch(() => {});
  }
}
