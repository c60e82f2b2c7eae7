import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CallContext } from '../../lib/context/call-context.js';
import { earliestDeadline } from '../../lib/context/deadline.js';

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

function parentUntil(time: number | undefined): CallContext {
  return { deadline: time === undefined ? undefined : new Date(time) } as CallContext;
}

describe('earliestDeadline', () => {
  it('is Infinity without a limit', () => {
    expect(earliestDeadline({})).toBe(Infinity);
    expect(earliestDeadline({ timeout: Infinity, parent: parentUntil(undefined) })).toBe(Infinity);
    expect(earliestDeadline({ timeout: undefined, deadline: undefined })).toBe(Infinity);
  });

  it('is the one limit that there is', () => {
    expect(earliestDeadline({ timeout: 500 })).toBe(1_000_500);
    expect(earliestDeadline({ timeout: 0 })).toBe(1_000_000);
    expect(earliestDeadline({ deadline: new Date(5) })).toBe(5);
    expect(earliestDeadline({ parent: parentUntil(7) })).toBe(7);
  });

  it('is the earliest of several', () => {
    const [early, late] = [1_000_100, 1_000_900];
    for (const [timeout, deadline, parent, expected] of [
      [100, late, late, early],
      [900, early, late, early],
      [900, late, early, early],
      [Infinity, late, undefined, late],
    ] as [number, number, number | undefined, number][]) {
      const limits = { timeout, deadline: new Date(deadline), parent: parentUntil(parent) };
      expect(earliestDeadline(limits)).toBe(expected);
    }
  });
});
