import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { schemaOf } from './schema-of.js';

const values = {
  double: fc.double(),
  float: fc.float(),
  int32: fc.integer(),
  uint32: fc.nat(0xffff_ffff),
  sint32: fc.integer(),
  fixed32: fc.nat(0xffff_ffff),
  sfixed32: fc.integer(),
  bool: fc.boolean(),
} as const;
const kinds = Object.keys(values) as (keyof typeof values)[];
const wireTypes = { double: 1, float: 5, fixed32: 5, sfixed32: 5 } as { [kind: string]: 1 | 5 };

describe.each(kinds)('a list of %s', (kind) => {
  const codec = schemaOf(`syntax = "proto3"; message L {
    repeated ${kind} packed = 1; repeated ${kind} loose = 2 [packed = false];
  }`).message<{ packed: unknown[]; loose: unknown[] }>('L');
  // Long enough for both of the ways that short and long lists are written in.
  const lists = fc.array(values[kind] as fc.Arbitrary<number | boolean>, {
    maxLength: 300,
    size: 'max',
  });

  it('is written as another implementation writes it, and comes back', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const w = new BinaryWriter();
        const put = (value: unknown) =>
          (w[kind] as (value: unknown) => BinaryWriter).call(w, value);
        if (list.length > 0) {
          w.tag(1, 2).fork();
          list.forEach(put);
          w.join();
        }
        for (const value of list) {
          w.tag(2, wireTypes[kind] ?? 0);
          put(value);
        }
        const bytes = codec.encode({ packed: list, loose: list });
        expect(Buffer.from(bytes).equals(w.finish())).toBe(true);
        expect(codec.decode(bytes)).toStrictEqual({ packed: list, loose: list });
      }),
      { numRuns: 60 },
    );
  });

  it('names the element that does not fit', () => {
    const good = kind === 'bool' ? true : 1;
    for (const bad of ['1', undefined, null, {}, 1n]) {
      expect(() => codec.encode({ packed: [good, bad], loose: [] })).toThrow(
        /^L\.packed\[1\]: expected /,
      );
      expect(() => codec.encode({ packed: [], loose: [good, bad] })).toThrow(
        /^L\.loose\[1\]: expected /,
      );
    }
    expect(() => codec.encode({ packed: new Array(2), loose: [] })).toThrow(
      /^L\.packed\[0\]: expected /,
    );
  });

  it('does not disturb the message read after it', () => {
    const long = { packed: new Array(200).fill(kind === 'bool' ? true : 7), loose: [] };
    const short = { packed: new Array(150).fill(kind === 'bool' ? false : 3), loose: [] };
    const [first, second] = [Buffer.from(codec.encode(long)), Buffer.from(codec.encode(short))];
    expect(codec.decode(first)).toStrictEqual(long);
    expect(codec.decode(second)).toStrictEqual(short);
  });
});
