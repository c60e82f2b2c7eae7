import protobuf from 'protobufjs';
import { EXACT_DEFAULT } from '../exact-defaults.js';
import { fieldName } from '../local-name.js';
import { textBytes } from '../wire/message-shape.js';
import type { OptionsWriter } from './describe-options.js';
import type { FieldDescriptor } from './descriptor-types.js';
import { typeName } from './type-name.js';

export const LABEL = { optional: 1, required: 2, repeated: 3 } as const;

const GROUP = 10;
export const MESSAGE = 11;
const ENUM = 14;
const SCALARS: { readonly [type: string]: number } = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
};

/** A field or an extension; that of a map is `describeMap`'s. */
export function describeField(field: protobuf.FieldBase, options: OptionsWriter): FieldDescriptor {
  field.resolve();
  const isGroup = (field.resolvedType as { readonly group?: boolean } | null)?.group === true;
  const name = declaredName(field, isGroup);
  return {
    name,
    number: field.id,
    label: labelOf(field),
    ...describeType(field, isGroup),
    extendee: field.extend === undefined ? undefined : extendeeOf(field),
    defaultValue: defaultOf(field),
    oneofIndex: undefined,
    jsonName: jsonNameOf(field, name),
    options: options.of('FieldOptions', field, field.parent),
    proto3Optional: field.options?.proto3_optional === true ? true : undefined,
  };
}

/** The type and, where it is a message or an enum, its name. */
export function describeType(
  { resolvedType, type }: Pick<protobuf.FieldBase, 'resolvedType' | 'type'>,
  isGroup = false,
): Pick<FieldDescriptor, 'type' | 'typeName'> {
  if (resolvedType instanceof protobuf.Enum)
    return { type: ENUM, typeName: typeName(resolvedType) };
  if (resolvedType instanceof protobuf.Type) {
    return { type: isGroup ? GROUP : MESSAGE, typeName: typeName(resolvedType) };
  }
  return { type: SCALARS[type] as number, typeName: undefined };
}

/** protobufjs has some well-known fields in lowerCamel, and groups with a capital within. */
export function declaredName(field: protobuf.FieldBase, isGroup = false): string {
  const name = field.protoName ?? field.name;
  return isGroup ? name.toLowerCase() : name;
}

/** The name in JSON: declared, or made of its own. */
export function jsonNameOf(field: protobuf.FieldBase, name: string): string {
  const declared: unknown = field.options?.json_name;
  return typeof declared === 'string' ? declared : fieldName(name);
}

/** Since editions what is required is a feature, not a label. */
function labelOf(field: protobuf.FieldBase): number {
  if (field.repeated) return LABEL.repeated;
  return field.rule === 'required' ? LABEL.required : LABEL.optional;
}

function extendeeOf(field: protobuf.FieldBase): string {
  const extended = field.extensionField?.parent;
  if (!extended) throw new Error(`${typeName(field)} extends ${field.extend}, which is not there`);
  return typeName(extended);
}

/** The default as text: enums by name, bytes as C would escape them. */
function defaultOf(field: protobuf.FieldBase): string | undefined {
  const value: unknown = field.options?.default;
  if (value === undefined) return undefined;
  const exact: unknown = field.options?.[EXACT_DEFAULT];
  if (field.type === 'bytes') return escapeBytes(textBytes(value, exact));
  if (field.type === 'string') return textBytes(value, exact).toString();
  if (typeof value !== 'number') return String(value);
  if (exact !== undefined) return String(exact);
  if (Object.is(value, -0)) return '-0';
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

function escapeBytes(bytes: Uint8Array): string {
  const escaped = (byte: number): string => {
    const char = String.fromCharCode(byte);
    if ('\\"\''.includes(char)) return `\\${char}`;
    return byte >= 0x20 && byte < 0x7f ? char : `\\${byte.toString(8).padStart(3, '0')}`;
  };
  return [...bytes].map(escaped).join('');
}
