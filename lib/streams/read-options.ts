import { checkMilliseconds, checkOptions, checkSignal } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';

/** How long a read waits, and what may call it off. */
export interface ReadOptions {
  /** Milliseconds until the read gives `null`; 0 polls, Infinity waits without limit. */
  readonly timeout?: number | undefined;
  /** Rejects the read with the signal's reason when it aborts; nothing is consumed. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * When a read gives up, checked.
 *
 * @param what - who takes it, for the error: `read`, `select`
 * @throws {TypeError | RangeError} for anything but milliseconds, 0 or more, or options
 */
export function readLimits(
  what: string,
  limit: number | ReadOptions,
): { timeout: number | undefined; signal: AbortSignal | undefined } {
  if (typeof limit === 'number') {
    checkMilliseconds(`${what} timeout`, limit);
    return { timeout: limit, signal: undefined };
  }
  if (typeof limit !== 'object' || limit === null) {
    throw new TypeError(
      `${what} takes a timeout in milliseconds or { timeout, signal }, got ${describeValue(limit)}`,
    );
  }
  checkOptions(`${what}()`, limit, ['timeout', 'signal']);
  const { timeout, signal } = limit;
  if (timeout !== undefined) checkMilliseconds(`${what} timeout`, timeout);
  if (signal !== undefined) checkSignal(`${what} signal`, signal);
  return { timeout, signal };
}

/** The `max` of `readBatch`, checked: a whole number of messages, 1 or more, or Infinity. */
export function batchSize(max: number): number {
  if (typeof max !== 'number') {
    throw new TypeError(`readBatch max must be a number of messages, got ${describeValue(max)}`);
  }
  if (!(max >= 1) || (max !== Infinity && !Number.isSafeInteger(max))) {
    throw new RangeError(`readBatch max must be a whole number of messages, 1 or more, got ${max}`);
  }
  return max;
}
