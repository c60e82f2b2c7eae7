/** So many at once, and so many a second from then on. */
export class Allowance {
  readonly #most: number;
  readonly #perSecond: number;
  #left: number;
  #since = performance.now();

  constructor(most: number, perSecond: number) {
    this.#most = most;
    this.#perSecond = perSecond;
    this.#left = most;
  }

  /** Takes one, if there is one left. */
  take(): boolean {
    const now = performance.now();
    const gained = ((now - this.#since) / 1_000) * this.#perSecond;
    this.#since = now;
    this.#left = Math.min(this.#left + gained, this.#most) - 1;
    if (this.#left >= 0) return true;
    this.#left = 0;
    return false;
  }
}
