import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Codec, json } from '../../lib/schema/index.js';
import { thrownBy } from './schema-of.js';

interface Ask {
  text: string;
  at?: number;
}
const codec: Codec<Ask> = json<Ask>();
const anything = json<unknown>();

describe('json', () => {
  it('is JSON in UTF-8', () => {
    const bytes = codec.encode({ text: 'é🐘' });
    expect(Buffer.from(bytes).toString('utf8')).toBe('{"text":"é🐘"}');
    expect(codec.decode(bytes)).toEqual({ text: 'é🐘' });
  });

  it('brings every JSON value back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(anything.decode(anything.encode(value)))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('refuses what has no JSON', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const value of [undefined, () => 1, Symbol('s'), 1n, { n: 1n }, cycle]) {
      expect(() => anything.encode(value)).toThrow(TypeError);
    }
    expect(() => anything.encode(undefined)).toThrow(
      'expected a value with a JSON form, got undefined',
    );
  });

  it('refuses what is no JSON, or no UTF-8', () => {
    expect(() => anything.decode(Buffer.from('{'))).toThrow(SyntaxError);
    expect(() => anything.decode(new Uint8Array(0))).toThrow(SyntaxError);
    const notUtf8 = thrownBy(() => anything.decode(Buffer.from([0x22, 0xc3, 0x22])));
    expect(notUtf8.name).toBe('TypeError'); // Node's own, of another realm than the test's
  });
});
