import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseInteger } from '../../../lib/schema/json/decimal.js';
import { parseJson } from '../../../lib/schema/json/parse-json.js';

describe('parseJson', () => {
  it('reads what JSON.parse reads, in 1000 random values', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.nat(3), (text, indent) => {
        const laidOut = JSON.stringify(JSON.parse(text), null, indent);
        // Beyond 2^53 it gives a bigint, which is a test of its own.
        const value = parseJson(laidOut);
        expect(rounded(value)).toEqual(JSON.parse(laidOut));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    for (const text of ['', ' ', '{', '[1,]', "{'a':1}", '01', 'NaN', '"\n"', '{"a":1}x', '1 2']) {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    }
  });

  it('finds the ends of strings', () => {
    const strings = ['', '\\', '\\\\', '"', '\\"', '{"a":[', '],', 'é\n', '\u2028'];
    const value = Object.fromEntries(strings.map((each) => [each, strings]));
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  it('keeps __proto__ as a key like others', () => {
    const value = parseJson('{"__proto__":{"a":1}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(() => parseJson('{"__proto__":1,"__proto__":2}')).toThrow(/twice in one object/);
  });

  it('gives a bigint for an integer that a number would round', () => {
    const text = '[9007199254740991, 9007199254740993, -1e18, 1.5, 18446744073709551615]';
    expect(parseJson(text)).toEqual([
      9007199254740991,
      9007199254740993n,
      -(10n ** 18n),
      1.5,
      2n ** 64n - 1n,
    ]);
    expect(parseJson('1e300')).toBe(1e300);
  });

  it('refuses a key that is there twice in one object, at any depth', () => {
    expect(() => parseJson('[{"a":{"b":1,"\\u0062":2}}]')).toThrow(
      new SyntaxError('the key "b" is there twice in one object'),
    );
    expect(parseJson('[{"a":1},{"a":{"a":2}}]')).toEqual([{ a: 1 }, { a: { a: 2 } }]);
  });
});

describe('parseInteger', () => {
  it('reads every integer in every notation, 1000 random ones', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), fc.nat(20), (value, shift) => {
        expect(parseInteger(`${value}`)).toBe(value);
        expect(parseInteger(`${value}.${'0'.repeat(shift + 1)}`)).toBe(value);
        expect(parseInteger(`${value * 10n ** BigInt(shift)}e-${shift}`)).toBe(value);
        expect(parseInteger(`${value}E+${shift}`)).toBe(value * 10n ** BigInt(shift));
        expect(parseInteger(`${value}.5`)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

/** What a number would have made of the bigints. */
function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rounded(each)]));
}
