/** How many pings may come too early before it is one too many. */
const MOST_STRIKES = 2;

/** Clocks and networks are not exact: a ping may come this share of the interval early. */
const TOLERANCE = 0.1;

/** The bytes of a PING frame; each ping has one for an answer. */
const ANSWER_BYTES = 17;

/**
 * Counts the pings that a client sends too early. When it was sent something in between, it may measure
 * the connection with a ping, as Go and C++ clients do: then they are counted anew.
 *
 * @see https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md
 */
export class PingStrikes {
  readonly #interval: number;
  #last = -Infinity;
  #pings = 0;
  #strikes = 0;
  #sent = 0;

  /** @param interval - milliseconds that are to pass between pings; 0 for no limit */
  constructor(interval: number) {
    this.#interval = interval * (1 - TOLERANCE);
  }

  /**
   * Counts a ping; whether it is one too many.
   *
   * @param now - milliseconds
   * @param bytesWritten - all that the connection was sent, answers to pings included
   */
  isTooMany(now: number, bytesWritten: number): boolean {
    this.#pings += 1;
    const sent = bytesWritten - this.#pings * ANSWER_BYTES;
    if (sent > this.#sent) {
      this.#sent = sent;
      this.#strikes = 0;
    } else if (now - this.#last < this.#interval) this.#strikes += 1;
    this.#last = now;
    return this.#strikes > MOST_STRIKES;
  }
}
