import { checkMilliseconds } from '../base/check.js';
import { secondsAndNanos } from '../base/seconds-and-nanos.js';

/** A `google.protobuf.Duration`. */
export interface Duration {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** What a Duration may hold: about ten thousand years, in milliseconds. */
const LONGEST = 315_576_000_000_000;

/**
 * Milliseconds as a Duration: to the nanosecond up to 99 days, beyond which a number has no room
 * for it.
 *
 * @throws {TypeError} when they are no number
 * @throws {RangeError} when they are negative or more than a Duration holds
 */
export function toDuration(name: string, milliseconds: unknown): Duration {
  checkMilliseconds(name, milliseconds);
  if (milliseconds > LONGEST) {
    throw new RangeError(`${name} must be ${LONGEST} milliseconds or less, got ${milliseconds}`);
  }
  const { seconds, nanos } = secondsAndNanos(milliseconds);
  return { seconds: BigInt(seconds), nanos };
}

/** A Duration in milliseconds, the nearest number to it; 0 for none. */
export function fromDuration(duration: Duration | undefined): number {
  if (duration === undefined) return 0;
  return Number(duration.seconds * 1_000_000_000n + BigInt(duration.nanos)) / 1e6;
}
