import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromDuration, toDuration } from '../../lib/error-details/duration.js';

describe('durations', () => {
  it('are seconds and nanoseconds of milliseconds', () => {
    for (const [milliseconds, seconds, nanos] of [
      [0, 0n, 0],
      [5_000, 5n, 0],
      [1_500, 1n, 500_000_000],
      [0.000_001, 0n, 1],
      [0.000_000_4, 0n, 0],
      [999.999_999_9, 1n, 0],
      [315_576_000_000_000, 315_576_000_000n, 0],
    ] as const) {
      expect(toDuration('delay', milliseconds)).toEqual({ seconds, nanos });
    }
    expect(fromDuration(undefined)).toBe(0);
    expect(fromDuration({ seconds: -1n, nanos: -500_000_000 })).toBe(-1_500);
  });

  it('are exact to the nanosecond for 99 days', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 8_553_600_000_000_000n }), (ns) => {
        const { seconds, nanos } = toDuration('delay', Number(ns) / 1e6);
        expect(seconds * 1_000_000_000n + BigInt(nanos)).toBe(ns);
        expect(fromDuration({ seconds, nanos })).toBe(Number(ns) / 1e6);
      }),
    );
  });

  it('refuse what is no span of time', () => {
    expect(() => toDuration('delay', '5')).toThrow(
      new TypeError("delay must be a number of milliseconds, got '5' (string)"),
    );
    expect(() => toDuration('delay', -1)).toThrow(RangeError);
    expect(() => toDuration('delay', Number.NaN)).toThrow(RangeError);
    expect(() => toDuration('delay', Infinity)).toThrow(
      new RangeError('delay must be 315576000000000 milliseconds or less, got Infinity'),
    );
  });
});
