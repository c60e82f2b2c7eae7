import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import fc from 'fast-check';

/** Messages as the library takes them, of a type that another library describes. */
export function arbitraryMessage(
  type: DescMessage,
  depth = 0,
): fc.Arbitrary<{ [name: string]: unknown }> {
  const fields = type.fields.filter((each) => depth < 3 || leafOf(each));
  const parts = fields.map((each) =>
    fc
      .option(arbitraryValue(each, depth), { nil: undefined })
      .map((value): [string, unknown] => [each.jsonName, value]),
  );
  return fc.tuple(...parts).map((entries) => {
    const chosen = new Set<string>();
    const message: { [name: string]: unknown } = {};
    for (const [i, [name, value]] of entries.entries()) {
      const { oneof } = fields[i] as DescField;
      // Of a oneof, one member.
      if (value === undefined || (oneof && chosen.has(oneof.name))) continue;
      if (oneof) chosen.add(oneof.name);
      message[name] = value;
    }
    return message;
  });
}

function leafOf({ fieldKind, message }: DescField): boolean {
  return fieldKind !== 'message' && message === undefined;
}

function arbitraryValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.fieldKind === 'list') return fc.array(arbitrarySingle(field, depth), { maxLength: 3 });
  if (field.fieldKind !== 'map') return arbitrarySingle(field, depth);
  const key = arbitraryScalar(field.mapKey).map(String);
  const entries = fc.array(fc.tuple(key, arbitrarySingle(field, depth)), { maxLength: 3 });
  return entries.map((all) => Object.fromEntries(all.filter(([name]) => name !== '__proto__')));
}

function arbitrarySingle(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.message) return arbitraryMessage(field.message, depth + 1);
  if (field.enum) return fc.constantFrom(...field.enum.values.map(({ number }) => number));
  return arbitraryScalar(field.scalar as ScalarType);
}

function arbitraryScalar(scalar: ScalarType): fc.Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.DOUBLE:
      return fc.double();
    case ScalarType.FLOAT:
      return fc.float();
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.STRING:
      return fc.string({ unit: 'grapheme', maxLength: 8 });
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 8 });
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return fc.integer();
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    default:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  }
}
