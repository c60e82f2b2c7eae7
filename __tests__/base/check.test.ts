import { describe, expect, it } from '@jest/globals';
import {
  checkByteCount,
  checkDuration,
  checkFunction,
  checkMilliseconds,
  checkOptions,
  checkSignal,
} from '../../lib/base/check.js';

describe('the checks', () => {
  it('let good values pass', () => {
    for (const value of [0, -0, 0.5, 2 ** 40, Infinity]) checkMilliseconds('x', value);
    for (const value of [1, Number.MAX_SAFE_INTEGER, Infinity]) checkByteCount('x', value);
    checkSignal('x', new AbortController().signal);
    checkFunction('x', () => 1);
    for (const options of [{}, { a: 1 }, { a: undefined, b: 2 }, Object.create(null)]) {
      checkOptions('x', options, ['a', 'b']);
    }
    class Options {
      a = 1;
    }
    expect(() => checkOptions('x', new Options(), ['a'])).not.toThrow();
  });

  it('name what was expected and what came', () => {
    const cases: [() => void, Error][] = [
      [
        () => checkMilliseconds('wait', '1'),
        new TypeError("wait must be a number of milliseconds, got '1' (string)"),
      ],
      [
        () => checkMilliseconds('wait', -1),
        new RangeError('wait must be 0 milliseconds or more, got -1'),
      ],
      [
        () => checkDuration('span', 0),
        new RangeError('span must be more than 0 milliseconds, got 0'),
      ],
      [() => checkByteCount('room', 1n), new TypeError('room must be a number of bytes, got 1n')],
      [
        () => checkByteCount('room', 0),
        new RangeError('room must be a whole number of bytes above 0, got 0'),
      ],
      [
        () => checkSignal('signal', { aborted: true }),
        new TypeError('signal must be an AbortSignal, got { aborted }'),
      ],
      [() => checkFunction('fn', 1), new TypeError('fn must be a function, got 1 (number)')],
      [
        () => checkOptions('f()', { c: 1 }, ['a', 'b']),
        new TypeError("f() has no option 'c'; the options are a, b"),
      ],
      [
        () => checkOptions('f()', [], []),
        new TypeError('f() takes an options object, got an array of 0'),
      ],
      [
        () => checkOptions('f()', new Set([1]), []),
        new TypeError('f() takes an options object, got a Set'),
      ],
    ];
    for (const [act, expected] of cases) {
      expect(act).toThrow(expected);
      expect(act).toThrow(expected.constructor as ErrorConstructor);
    }
  });
});
