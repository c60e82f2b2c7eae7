import { describe, expect, it } from '@jest/globals';
import { bufferSizes, checkCallOptions, DEFAULT_BUFFERS } from '../../lib/call/call-options.js';

const check = (options: unknown): unknown => checkCallOptions('chat()', options);

describe('checkCallOptions', () => {
  it('gives the options back as they are, or none', () => {
    const options = {
      timeout: 0,
      deadline: new Date(),
      signal: new AbortController().signal,
      metadata: {},
      parent: { signal: new AbortController().signal },
      onHeaders: () => {},
      onTrailers: () => {},
      waitForReady: false,
      highWaterMark: 1,
      maxBufferedBytes: 2,
      prefetchBytes: 3,
    };
    expect(check(options)).toBe(options);
    expect(check(undefined)).toEqual({});
    expect(Object.isFrozen(check(undefined))).toBe(true);
    const unset = Object.fromEntries(Object.keys(options).map((key) => [key, undefined]));
    expect(check(unset)).toBe(unset);
    expect(check({ timeout: Infinity })).toEqual({ timeout: Infinity });
    expect(check(Object.create(null))).toEqual({});
  });

  it.each<[unknown, ErrorConstructor, string]>([
    [{ timeout: '5' }, TypeError, "timeout must be a number of milliseconds, got '5' (string)"],
    [{ timeout: 5n }, TypeError, 'timeout must be a number of milliseconds, got 5n'],
    [{ timeout: -1 }, RangeError, 'timeout must be 0 milliseconds or more, got -1'],
    [{ timeout: NaN }, RangeError, 'timeout must be 0 milliseconds or more, got NaN'],
    [{ deadline: 5 }, TypeError, 'deadline must be a Date, got 5 (number)'],
    [{ deadline: new Date(NaN) }, RangeError, 'deadline must be a valid Date'],
    [
      { signal: new AbortController() },
      TypeError,
      'signal must be an AbortSignal, got an AbortController',
    ],
    [{ parent: {} }, TypeError, 'parent must be the call context of a handler, got {}'],
    [{ parent: null }, TypeError, 'parent must be the call context of a handler, got null'],
    [
      { parent: 'ctx' },
      TypeError,
      "parent must be the call context of a handler, got 'ctx' (string)",
    ],
    [{ onHeaders: 1 }, TypeError, 'onHeaders must be a function, got 1 (number)'],
    [{ onTrailers: {} }, TypeError, 'onTrailers must be a function, got {}'],
    [{ waitForReady: 1 }, TypeError, 'waitForReady must be a boolean, got 1 (number)'],
    [null, TypeError, 'chat() takes an options object, got null'],
    ['x', TypeError, "chat() takes an options object, got 'x' (string)"],
    [[], TypeError, 'chat() takes an options object, got an array of 0'],
    [new Date(), TypeError, 'chat() takes an options object, got a Date'],
    [new Map(), TypeError, 'chat() takes an options object, got a Map'],
    [
      { timeot: 5 },
      TypeError,
      "chat() has no option 'timeot'; the options are timeout, deadline, signal, metadata, parent, " +
        'onHeaders, onTrailers, waitForReady, compression, connectTimeout, idleTimeout, ' +
        'interceptors, credentials, highWaterMark, maxBufferedBytes, prefetchBytes',
    ],
  ])('refuses %p', (options, type, words) => {
    expect(() => check(options)).toThrow(type);
    expect(() => check(options)).toThrow(new Error(words));
  });
});

describe('bufferSizes', () => {
  it('has the defaults that the design names', () => {
    expect(bufferSizes({})).toEqual({
      highWaterMark: 65_536,
      maxBufferedBytes: 16_777_216,
      prefetchBytes: 262_144,
    });
    expect(bufferSizes(checkCallOptions('chat()', undefined))).toBe(DEFAULT_BUFFERS);
  });

  it('takes each that is set, without touching the defaults', () => {
    const defaults = { ...DEFAULT_BUFFERS };
    const options = { highWaterMark: undefined, maxBufferedBytes: Infinity };
    expect(bufferSizes(options)).toEqual({ ...defaults, maxBufferedBytes: Infinity });
    expect(DEFAULT_BUFFERS).toEqual(defaults);
  });

  it.each(['highWaterMark', 'maxBufferedBytes', 'prefetchBytes'])('refuses a bad %s', (key) => {
    for (const size of [0, -1, 1.5, NaN, -Infinity, 2 ** 53]) {
      expect(() => bufferSizes({ [key]: size })).toThrow(
        new RangeError(`${key} must be a whole number of bytes above 0, got ${size}`),
      );
    }
    for (const [size, got] of [
      ['64', "'64' (string)"],
      [64n, '64n'],
      [null, 'null'],
    ] as [never, string][]) {
      expect(() => bufferSizes({ [key]: size })).toThrow(
        new TypeError(`${key} must be a number of bytes, got ${got}`),
      );
    }
  });
});
