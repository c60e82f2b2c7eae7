/** The longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A one-shot timer of any length: delays beyond 2^31 - 1 ms are re-armed until they are over. */
export class Timer {
  #handle: NodeJS.Timeout | undefined;
  #keepsAlive = true;

  /** @param delay - milliseconds; Infinity never fires and takes no timer */
  constructor(delay: number, onTime: () => void) {
    if (delay !== Infinity) this.#handle = this.#arm(delay, onTime);
  }

  #arm(delay: number, onTime: () => void): NodeJS.Timeout {
    if (delay <= LONGEST_DELAY) return setTimeout(onTime, delay);
    return setTimeout(() => {
      this.#handle = this.#arm(delay - LONGEST_DELAY, onTime);
      if (!this.#keepsAlive) this.#handle.unref();
    }, LONGEST_DELAY);
  }

  /** Lets the process end while the timer is all that is left. */
  unref(): this {
    this.#keepsAlive = false;
    this.#handle?.unref();
    return this;
  }

  /** Stops the timer; does nothing if it has fired or was stopped. */
  stop(): void {
    clearTimeout(this.#handle);
  }
}
