import type { EOF } from './eof.js';
import { toBatch } from './read-results.js';
import { Waiter } from './waiter.js';

/** What a batch waits for. */
export interface BatchLimits {
  /** How many messages it takes at most. */
  readonly max: number;
  /** How many must be there before it is answered; 1 when what waits already will do. */
  readonly wanted: number;
  /** Milliseconds until it is answered with what is there; undefined to wait for the first. */
  readonly timeout: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * A read of several messages that were not there yet. What arrives meanwhile stays in the queue,
 * kept for the batch as long as it is the oldest in line: to call it off loses nothing.
 */
export class BatchWaiter<T> extends Waiter<T, T[] | EOF> {
  readonly #line: ReadonlySet<Waiter<T>>;
  readonly #serve: () => void;
  readonly #max: number;
  readonly #eager: boolean;
  #wanted: number;
  #clockRuns = false;

  /** @param serve - settles whoever can be settled; called when this one is content or gone */
  constructor(line: Set<Waiter<T>>, limits: BatchLimits, serve: () => void) {
    super(line, toBatch<T>, limits.timeout ?? Infinity, limits.signal);
    this.#line = line;
    this.#serve = serve;
    this.#max = limits.max;
    this.#wanted = limits.wanted;
    this.#eager = limits.timeout === undefined;
  }

  override get wanted(): number {
    return this.#wanted;
  }

  override get most(): number {
    return this.#max;
  }

  /** What comes with the first message counts as there: the event loop turns once for it. */
  override someArrived(): void {
    if (!this.#eager || this.#clockRuns) return;
    this.#clockRuns = true;
    this.startClock(0);
  }

  override give(messages: T[]): void {
    this.settle(messages);
  }

  protected override lapse(): void {
    this.#wanted = 1;
    this.#serve();
    if (this.#line.has(this as Waiter<T>)) this.settle([]);
  }

  protected override quit(reason: unknown): void {
    super.quit(reason);
    this.#serve();
  }
}
