import { describe, expect, it } from '@jest/globals';
import { describeValue } from '../../lib/base/describe-value.js';
import { wordsOf } from '../../lib/base/words-of.js';

describe('describeValue', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [undefined, 'undefined'],
    ['text', "'text' (string)"],
    ['x'.repeat(41), `'${'x'.repeat(40)}…' (string)`],
    [5, '5 (number)'],
    [NaN, 'NaN (number)'],
    [true, 'true (boolean)'],
    [5n, '5n'],
    [Symbol('s'), 'Symbol(s) (symbol)'],
    [function named() {}, 'function named'],
    [
      (
        () => () =>
          1
      )(),
      'a function',
    ],
    [[1, 2], 'an array of 2'],
    [{}, '{}'],
    [{ a: 1, b: 2 }, '{ a, b }'],
    [{ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 }, '{ a, b, c, d, e, … }'],
    [Object.create(null), '{}'],
    [new Date(), 'a Date'],
    [new AbortController(), 'an AbortController'],
    [new (class {})(), '{}'],
  ])('%p', (value, expected) => {
    expect(describeValue(value)).toBe(expected);
  });
});

describe('wordsOf', () => {
  it('gives an error’s message, even of another realm, and describes the rest', () => {
    const { reason } = AbortSignal.abort() as { reason: unknown };
    expect(wordsOf(new Error('boom'))).toBe('boom');
    expect(wordsOf(reason)).toBe('This operation was aborted');
    expect(wordsOf('boom')).toBe('boom');
    expect(wordsOf(undefined)).toBe('undefined');
    expect(wordsOf({ code: 5 })).toBe('{ code }');
    expect(wordsOf(Object.create(null))).toBe('{}');
  });
});
