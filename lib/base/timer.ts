/** The longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A timer of any length: delays beyond 2^31 - 1 ms are re-armed until they are over. */
export class Timer {
  readonly #delay: number;
  readonly #onTime: () => void;
  #handle: NodeJS.Timeout | undefined;
  #keepsAlive = true;

  /** @param delay - milliseconds; Infinity never fires and takes no timer */
  constructor(delay: number, onTime: () => void) {
    this.#delay = delay;
    this.#onTime = onTime;
    if (delay !== Infinity) this.#arm(delay);
  }

  /** Lets the process end while the timer is all that is left. */
  unref(): this {
    this.#keepsAlive = false;
    this.#handle?.unref();
    return this;
  }

  /** Stops the timer for good; does nothing if it has fired or was stopped. */
  stop(): void {
    clearTimeout(this.#handle);
    this.#handle = undefined;
  }

  /** Begins anew, also when it has fired, but not once it was stopped. */
  restart(): void {
    if (this.#delay <= LONGEST_DELAY) this.#handle?.refresh();
    else if (this.#handle !== undefined) {
      clearTimeout(this.#handle);
      this.#arm(this.#delay);
    }
  }

  #arm(delay: number): void {
    this.#handle =
      delay <= LONGEST_DELAY
        ? setTimeout(this.#onTime, delay)
        : setTimeout(() => this.#arm(delay - LONGEST_DELAY), LONGEST_DELAY);
    if (!this.#keepsAlive) this.#handle.unref();
  }
}
