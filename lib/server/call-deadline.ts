import { Timer } from '../base/timer.js';
import { earliestDeadline } from '../context/deadline.js';

/** How much later than the client's a deadline is thought to run out here, in milliseconds. */
const LATENCY = 50;

/** The deadline of a call being handled: a timer of our own, whatever the transport does. */
export class CallDeadline {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly #slack: number;
  readonly #timer: Timer;

  /** @param deadline - milliseconds since the epoch, finite */
  constructor(deadline: number, onTime: () => void) {
    const remaining = Math.max(deadline - Date.now(), 0);
    this.time = deadline;
    this.#slack = Math.min(remaining / 4, LATENCY);
    this.#timer = new Timer(remaining, onTime);
  }

  /**
   * Whether it has passed, or is so near that a reset can only mean that it has: the client's clock
   * started before ours, so at the deadline its reset comes a little before ours runs out.
   */
  get isDue(): boolean {
    return this.time - Date.now() <= this.#slack;
  }

  stop(): void {
    this.#timer.stop();
  }
}

/** The earlier of the client's deadline and the end of what a call may take; Infinity for neither. */
export function effectiveDeadline(deadline: number, maxCallDuration: number): number {
  if (maxCallDuration === Infinity) return deadline;
  return Math.min(deadline, earliestDeadline({ timeout: maxCallDuration }));
}
