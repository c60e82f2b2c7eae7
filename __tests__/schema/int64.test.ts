import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { schemaOf } from './schema-of.js';

const SIGNED = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const UNSIGNED = { min: 0n, max: 2n ** 64n - 1n };
const KINDS = {
  int64: SIGNED,
  sint64: SIGNED,
  sfixed64: SIGNED,
  uint64: UNSIGNED,
  fixed64: UNSIGNED,
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];

interface Longs {
  one: bigint;
  maybe?: bigint;
  packed: bigint[];
  loose: bigint[];
  byKey: { [key: string]: bigint };
  chosen?: bigint;
}

function codecFor(kind: Kind) {
  return schemaOf(`syntax = "proto3"; message Longs {
    ${kind} one = 1; optional ${kind} maybe = 2; repeated ${kind} packed = 3;
    repeated ${kind} loose = 4 [packed = false]; map<${kind}, ${kind}> by_key = 5;
    oneof which { ${kind} chosen = 6; string other = 7; }
  }`).message<Longs>('Longs');
}

function longs(value: bigint): Longs {
  return {
    one: value,
    maybe: value,
    packed: [value, 0n, value],
    loose: [value, 0n],
    byKey: { [String(value)]: value },
    chosen: value,
  };
}

/** The same message by another implementation's writer. */
function independently(kind: Kind, value: bigint): Uint8Array {
  const wireType = kind.endsWith('fixed64') ? 1 : 0;
  const w = new BinaryWriter();
  if (value !== 0n) w.tag(1, wireType)[kind](value);
  w.tag(2, wireType)[kind](value);
  w.tag(3, 2).fork()[kind](value)[kind](0n)[kind](value).join();
  w.tag(4, wireType)[kind](value).tag(4, wireType)[kind](0n);
  w.tag(5, 2).fork().tag(1, wireType)[kind](value).tag(2, wireType)[kind](value).join();
  w.tag(6, wireType)[kind](value);
  return w.finish();
}

describe.each(kinds)('%s', (kind) => {
  const { min, max } = KINDS[kind];
  const codec = codecFor(kind);
  const extremes = [
    min,
    min + 1n,
    max,
    max - 1n,
    0n,
    1n,
    127n,
    128n,
    2n ** 31n,
    2n ** 32n,
    2n ** 53n + 1n,
    2n ** 62n,
  ];
  const negative = min < 0n ? [-1n, -(2n ** 31n), -(2n ** 32n) - 1n, -(2n ** 53n) - 1n] : [];
  const anyValue = fc.oneof(fc.constantFrom(...extremes, ...negative), fc.bigInt({ min, max }));

  it('is exact in every position, and byte for byte what another implementation writes', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = codec.encode(longs(value));
        expect(Buffer.from(bytes).toString('hex')).toBe(
          Buffer.from(independently(kind, value)).toString('hex'),
        );
        expect(codec.decode(bytes)).toStrictEqual(longs(value));
      }),
      { numRuns: 300 },
    );
  });

  it('takes a safe integer number for the same bytes', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (n) => {
        const value = min < 0n ? n : Math.abs(n);
        const asNumber = { one: value, packed: [value], loose: [], byKey: {} } as unknown as Longs;
        const asBigint = { one: BigInt(value), packed: [BigInt(value)], loose: [], byKey: {} };
        expect(codec.encode(asNumber)).toEqual(codec.encode(asBigint));
      }),
    );
  });

  it('refuses what is out of range or not exact', () => {
    for (const value of [max + 1n, min - 1n, 2 ** 53, 1.5, Number.NaN, Infinity]) {
      expect(() => codec.encode({ one: value } as unknown as Longs)).toThrow(RangeError);
    }
    for (const value of ['1', true, {}]) {
      expect(() => codec.encode({ one: value } as unknown as Longs)).toThrow(TypeError);
    }
  });

  it('reads a list packed or not, whichever was declared, and both in one message', () => {
    const wireType = kind.endsWith('fixed64') ? 1 : 0;
    const w = new BinaryWriter();
    w.tag(3, wireType)[kind](max).tag(3, 2).fork()[kind](min)[kind](1n).join();
    w.tag(4, 2).fork()[kind](max).join().tag(4, wireType)[kind](min);
    const decoded = codec.decode(w.finish());
    expect(decoded.packed).toEqual([max, min, 1n]);
    expect(decoded.loose).toEqual([max, min]);
  });

  it('is a bigint 0 when unset, and does not write the zero', () => {
    expect(codec.decode(new Uint8Array(0))).toStrictEqual({
      one: 0n,
      packed: [],
      loose: [],
      byKey: {},
    });
    const zeros = { one: 0n, packed: [], loose: [], byKey: {} };
    expect(codec.encode(zeros)).toHaveLength(0);
    expect(codec.encode({ ...zeros, one: 0 as unknown as bigint })).toHaveLength(0);
  });

  it('fills in what a map entry leaves out', () => {
    expect(codec.decode(new BinaryWriter().tag(5, 2).fork().join().finish()).byKey).toStrictEqual({
      0: 0n,
    });
  });
});

it('keeps defaults that proto2 declares, to the last digit', () => {
  const codec = schemaOf(`syntax = "proto2"; message D {
    optional int64 low = 1 [default = -9223372036854775807];
    optional uint64 high = 2 [default = 18446744073709551615];
    optional sint64 odd = 3 [ default = 9007199254740993 ];
    optional int64 none = 4;
  }`).message('D');
  expect(codec.decode(new Uint8Array(0))).toStrictEqual({
    low: -9223372036854775807n,
    high: 18446744073709551615n,
    odd: 9007199254740993n,
  });
});
