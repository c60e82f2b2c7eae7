import fc from 'fast-check';
import type protobuf from 'protobufjs';
import { messageCodec } from '../../../lib/schema/wire/message-codec.js';
import { type FieldShape, messageShape } from '../../../lib/schema/wire/message-shape.js';
import type { Scalar } from '../../../lib/schema/wire/scalar.js';

type Random = fc.Arbitrary<unknown>;

const text = fc.string({ unit: 'binary', maxLength: 12 });
const long = (unsigned: boolean): Random =>
  unsigned
    ? fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    : fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const SCALARS: Readonly<Record<Scalar, Random>> = {
  double: fc.double(),
  float: fc.float(),
  int32: fc.integer(),
  uint32: fc.nat(2 ** 32 - 1),
  sint32: fc.integer(),
  fixed32: fc.nat(2 ** 32 - 1),
  sfixed32: fc.integer(),
  int64: long(false),
  uint64: long(true),
  sint64: long(false),
  fixed64: long(true),
  sfixed64: long(false),
  bool: fc.boolean(),
  string: text,
  bytes: fc.uint8Array({ maxLength: 12 }),
};

/** A message of any type that can be encoded and has JSON; messages in it to a depth of `levels`. */
export function randomMessage(type: protobuf.Type, levels: number): Random {
  const { name, fields } = messageShape(type);
  const known = WELL_KNOWN[name];
  if (known !== undefined) return known(type, levels);
  const plain: Record<string, Random> = {};
  const oneofs = new Map<string, Random[]>();
  const required: string[] = [];
  for (const field of fields) {
    if (field.message && levels === 0) continue;
    const value = randomField(field, levels);
    if (field.rule === 'required') required.push(field.property);
    if (field.oneof === undefined) {
      plain[field.property] = value;
    } else {
      const member = value.map((each) => ({ [field.property]: each }));
      oneofs.set(field.oneof, [...(oneofs.get(field.oneof) ?? []), member]);
    }
  }
  const members = [...oneofs.values()].map((each) => fc.oneof(fc.constant({}), ...each));
  // Most fields are left out of most messages, or each would be huge.
  const all = Object.keys(plain);
  const some = fc.subarray(all, { maxLength: Math.min(12, all.length) }).chain((picked) => {
    const names = [...new Set([...picked, ...required])];
    return fc.record(Object.fromEntries(names.map((each) => [each, plain[each] as Random])));
  });
  return fc.tuple(some, ...members).map((parts) => Object.assign({}, ...parts) as unknown);
}

function randomField(field: FieldShape, levels: number): Random {
  const value = randomValue(field, levels);
  if (field.rule === 'repeated') return fc.array(value, { maxLength: 3 });
  if (field.rule !== 'map') return value;
  const entries = fc.array(fc.tuple(SCALARS[field.key], value), { maxLength: 3 });
  return entries.map((each) => Object.fromEntries(each.map(([key, held]) => [String(key), held])));
}

function randomValue({ message, scalar, enumName }: FieldShape, levels: number): Random {
  if (message) return randomMessage(message, levels - 1);
  // NullValue has one value only: others are no JSON.
  if (enumName === 'google.protobuf.NullValue') return fc.constant(0);
  if (enumName === 'old.Level') return fc.constantFrom(1, 2);
  if (enumName !== undefined) return fc.constantFrom(0, 1, -1, 77, -(2 ** 31));
  return SCALARS[scalar as Scalar];
}

const WELL_KNOWN: { readonly [name: string]: (type: protobuf.Type, levels: number) => Random } = {
  'google.protobuf.Timestamp': () =>
    fc.record({
      seconds: fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }),
      nanos: nanos(),
    }),
  'google.protobuf.Duration': () =>
    fc
      .tuple(fc.bigInt({ min: 0n, max: 315_576_000_000n }), nanos(), fc.constantFrom(1, -1))
      .map(([seconds, fraction, sign]) => ({
        seconds: seconds * BigInt(sign),
        nanos: fraction * sign,
      })),
  'google.protobuf.FieldMask': () =>
    fc.record({
      paths: fc.array(fc.stringMatching(/^[a-z]{1,4}(_[a-z]{1,4}){0,2}(\.[a-z]{1,3})?$/)),
    }),
  'google.protobuf.Struct': (_, levels) => fc.record({ fields: fc.dictionary(text, json(levels)) }),
  'google.protobuf.ListValue': (_, levels) => fc.record({ values: fc.array(json(levels)) }),
  'google.protobuf.Value': (_, levels) => json(levels),
  'google.protobuf.Any': ({ root }, levels) =>
    fc
      .constantFrom(
        'all.All',
        'google.protobuf.Any',
        'google.protobuf.Int64Value',
        'google.protobuf.Empty',
      )
      .chain((name) => {
        const type = root.lookupType(levels <= 0 ? 'google.protobuf.Int64Value' : name);
        const typeUrl = `type.googleapis.com/${messageShape(type).name}`;
        return randomMessage(type, levels - 1).map((message) => ({
          typeUrl,
          value: messageCodec<unknown>(type).encode(message),
        }));
      }),
};

function nanos(): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(0, 1, 999_999_999, 500_000_000, 1000), fc.nat(999_999_999));
}

/** A `google.protobuf.Value`. */
function json(levels: number): Random {
  const leaves = [
    fc.constant({ nullValue: 0 }),
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ numberValue: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  ];
  if (levels <= 0) return fc.oneof(...leaves);
  return fc.oneof(
    ...leaves,
    fc.record({ structValue: fc.record({ fields: fc.dictionary(text, json(levels - 1)) }) }),
    fc.record({ listValue: fc.record({ values: fc.array(json(levels - 1), { maxLength: 3 }) }) }),
  );
}
