import { ignore } from '../base/deferred.js';
import { onAbort } from '../base/on-abort.js';
import { Timer } from '../base/timer.js';
import type { EOF } from './eof.js';

/**
 * One read that found nothing to read. It leaves the set of waiters when it is settled, whoever
 * settles it, and takes its timer and its listener along.
 *
 * A read wants one message and takes one; see BatchWaiter for the other kind.
 */
export class Waiter<T, Result = unknown> {
  readonly promise: Promise<Result>;
  readonly #waiters: Set<Waiter<T>>;
  readonly #convert: (message: T | null | EOF) => Result;
  readonly #signal: AbortSignal | undefined;
  #resolve!: (result: Result) => void;
  #reject!: (error: unknown) => void;
  #timer: Timer | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #onAbort: (() => void) | undefined;

  /**
   * @param waiters - the set that it is in until it is settled
   * @param convert - makes the result of the message, `null` or `EOF`
   * @param timeout - milliseconds until it resolves with `null`; Infinity for never
   */
  constructor(
    waiters: Set<Waiter<T>>,
    convert: (message: T | null | EOF) => Result,
    timeout: number,
    signal: AbortSignal | undefined,
  ) {
    this.#waiters = waiters;
    this.#convert = convert;
    this.#signal = signal;
    waiters.add(this as Waiter<T>);
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (timeout !== Infinity) this.startClock(timeout);
    if (signal !== undefined) this.#listen(signal);
  }

  /** How many messages must be there before it is answered. */
  get wanted(): number {
    return 1;
  }

  /** How many messages it takes at most. */
  get most(): number {
    return 1;
  }

  /** Whether anything but a message and the end can settle it. */
  get isLimited(): boolean {
    return this.#signal !== undefined || this.#timer !== undefined || this.#immediate !== undefined;
  }

  /** Rejects if its signal has aborted, though its listener may not have been told yet. */
  calledOff(): boolean {
    if (this.#signal?.aborted !== true) return false;
    this.reject(this.#signal.reason);
    return true;
  }

  /** Told that messages are there, but fewer than it wants. */
  someArrived(): void {}

  resolve(message: T | null | EOF): void {
    this.settle(this.#convert(message));
  }

  /** Resolves with messages: one or more, `most` at most. */
  give(messages: T[]): void {
    this.resolve(messages[0] as T);
  }

  /** Rejects without an `unhandledRejection`: whoever has the call hears of its failure anyway. */
  reject(error: unknown): void {
    this.leave();
    this.promise.catch(ignore);
    this.#reject(error);
  }

  protected settle(result: Result): void {
    this.leave();
    this.#resolve(result);
  }

  /** The time is over. */
  protected lapse(): void {
    this.resolve(null);
  }

  /** The signal has aborted. */
  protected quit(reason: unknown): void {
    this.reject(reason);
  }

  protected startClock(timeout: number): void {
    // A poll waits for the event loop to turn once, so that polling in a loop starves nobody.
    if (timeout === 0) this.#immediate = setImmediate(() => this.lapse());
    else this.#timer = new Timer(timeout, () => this.lapse());
  }

  #listen(signal: AbortSignal): void {
    this.#onAbort = () => this.quit(signal.reason);
    onAbort(signal, this.#onAbort);
  }

  /** Out of the line: from now on only whoever took it out settles it. */
  leave(): void {
    this.#waiters.delete(this as Waiter<T>);
    this.#timer?.stop();
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
