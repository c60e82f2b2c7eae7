import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Lets every microtask run, and Node report what nobody handled: jest fails a test during which a
 * promise was rejected unhandled, if it lasts until then. Real even under fake timers.
 */
export async function turn(): Promise<void> {
  await nextTurn();
}

/** What a promise has come to; `pending` until it settles. */
export interface Fate {
  state: 'pending' | 'resolved' | 'rejected';
  value?: unknown;
}

/** Watches a promise. Counts as somebody who looks at it. */
export function fateOf(promise: Promise<unknown>): Fate {
  const fate: Fate = { state: 'pending' };
  promise.then(
    (value) => Object.assign(fate, { state: 'resolved', value }),
    (value: unknown) => Object.assign(fate, { state: 'rejected', value }),
  );
  return fate;
}
