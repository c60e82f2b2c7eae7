import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';
import fc from 'fast-check';
import type { Plain } from './bufbuild.js';

const MAX = { 32: 2 ** 31, 64: 2n ** 63n } as const;
const int32 = fc.oneof(
  fc.integer({ min: -MAX[32], max: MAX[32] - 1 }),
  fc.constantFrom(0, 1, -1, MAX[32] - 1, -MAX[32]),
);
const uint32 = fc.oneof(
  fc.integer({ min: 0, max: 2 * MAX[32] - 1 }),
  fc.constantFrom(0, 1, 2 * MAX[32] - 1),
);
const int64 = fc.oneof(
  fc.bigInt({ min: -MAX[64], max: MAX[64] - 1n }),
  fc.constantFrom(0n, 1n, -1n, MAX[64] - 1n, -MAX[64]),
);
const uint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n * MAX[64] - 1n }),
  fc.constantFrom(0n, 1n, 2n * MAX[64] - 1n),
);

/** By the numbers that the types have in a descriptor. */
const SCALARS: { readonly [type: number]: fc.Arbitrary<unknown> } = {
  1: fc.double(),
  2: fc.float(),
  3: int64,
  4: uint64,
  5: int32,
  6: uint64,
  7: uint32,
  8: fc.boolean(),
  9: fc.string({ unit: 'grapheme', maxLength: 20 }),
  12: fc.uint8Array({ maxLength: 20 }),
  13: uint32,
  15: int32,
  16: int64,
  17: int32,
  18: int64,
};

const STRUCT = 'google.protobuf.Struct';

/** Any message of a type, with any of its fields, down to some depth. */
export function arbitraryMessage(desc: DescMessage, depth = 3): fc.Arbitrary<Plain> {
  const parts: fc.Arbitrary<Plain>[] = [];
  for (const member of desc.members) {
    const fields = member.kind === 'oneof' ? member.fields : [member];
    const choices = fields.flatMap((field) => {
      const value = arbitraryField(field, depth);
      return value === undefined ? [] : [value.map((set): Plain => ({ [field.jsonName]: set }))];
    });
    if (member.kind === 'field' && isRequired(member)) parts.push(...choices);
    else parts.push(fc.oneof(fc.constant<Plain>({}), ...choices));
  }
  return fc.tuple(...parts).map((all): Plain => Object.assign({}, ...all));
}

function isRequired(field: DescField): boolean {
  return (field.presence as number) === 3;
}

function arbitraryField(field: DescField, depth: number): fc.Arbitrary<unknown> | undefined {
  if (field.message !== undefined && depth === 0) return undefined;
  // The other library keeps it as JSON, which has no place for all that it can hold.
  if (field.message?.typeName === STRUCT && !field.parent.typeName.startsWith('google.')) return;
  const one = arbitraryValue(field, depth);
  if (field.fieldKind === 'list') return fc.array(one, { maxLength: 4 });
  if (field.fieldKind !== 'map') return one;
  const key = (SCALARS[field.mapKey] as fc.Arbitrary<unknown>).map(String);
  // Properties that are numbers come first, in an object; the other library keeps another order.
  return fc.dictionary(key, one, { maxKeys: 1, noNullPrototype: true });
}

function arbitraryValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return arbitraryMessage(field.message, depth - 1);
  if (field.enum !== undefined) return arbitraryEnum(field.enum);
  return SCALARS[(field as { scalar?: number }).scalar as number] as fc.Arbitrary<unknown>;
}

function arbitraryEnum({ values, open }: DescEnum): fc.Arbitrary<number> {
  const known = fc.constantFrom(...values.map(({ number }) => number));
  // Unknown numbers of a closed enum are unknown fields to the other library.
  return open ? fc.oneof(known, int32) : known;
}
