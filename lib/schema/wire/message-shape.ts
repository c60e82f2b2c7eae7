import protobuf from 'protobufjs';
import { EXACT_DEFAULT } from '../exact-defaults.js';
import { fieldName } from '../local-name.js';
import { isLong, isPackable, type Scalar, zeroOf } from './scalar.js';

/** How a field comes and goes: whether it has presence, and how many values it holds. */
export type FieldRule = 'implicit' | 'explicit' | 'required' | 'repeated' | 'map';

/** What the encoder, the decoder and the search for misfits need to know of a field. */
export interface FieldShape {
  /** The property of the message object. */
  readonly property: string;
  readonly id: number;
  readonly rule: FieldRule;
  /** The type on the wire (`int32` for enums), or undefined for messages. */
  readonly scalar: Scalar | undefined;
  readonly message: protobuf.Type | undefined;
  /** The full name of the enum, for error messages. */
  readonly enumName: string | undefined;
  /** The type of a map's keys. */
  readonly key: Scalar;
  readonly packed: boolean;
  /** Written as a group, between a start and an end tag. */
  readonly group: boolean;
  /** The oneof it is a member of. */
  readonly oneof: string | undefined;
  /** What an unset field reads as: the zero or the declared default, or undefined. */
  readonly unset: unknown;
  /** What an entry of a map without a value holds. */
  readonly zero: unknown;
}

/** A message type as the codec sees it. */
export interface MessageShape {
  /** The full name, such as `samples.HelloRequest`. */
  readonly name: string;
  /** By ascending field number. */
  readonly fields: readonly FieldShape[];
}

const shapes = new WeakMap<protobuf.Type, MessageShape>();

/** The shape of a message type. @throws Error when two fields share a property name. */
export function messageShape(type: protobuf.Type): MessageShape {
  let shape = shapes.get(type);
  if (shape === undefined) {
    shape = {
      name: fullName(type),
      fields: type.fieldsArray.map(fieldShape).sort((a, b) => a.id - b.id),
    };
    refuseCollisions(shape);
    shapes.set(type, shape);
  }
  return shape;
}

/** The full name of a reflection object, without protobufjs's leading dot. */
export function fullName(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}

function fieldShape(field: protobuf.Field): FieldShape {
  field.resolve();
  const { resolvedType } = field;
  const isEnum = resolvedType instanceof protobuf.Enum;
  const scalar = isEnum ? 'int32' : resolvedType ? undefined : (field.type as Scalar);
  const rule = ruleOf(field);
  const partOf = field.partOf as (protobuf.OneOf & { isProto3Optional?: boolean }) | null;
  const oneof = partOf && !partOf.isProto3Optional ? partOf.name : undefined;
  // Extensions have their declared name in brackets, as in protobuf's own JSON.
  const property = field.declaringField
    ? `[${fullName(field.declaringField)}]`
    : fieldName(field.name);
  const zero = isEnum ? enumZero(resolvedType) : scalar && zeroOf(scalar);
  return {
    property,
    id: field.id,
    rule,
    scalar,
    message: resolvedType instanceof protobuf.Type ? resolvedType : undefined,
    enumName: isEnum ? fullName(resolvedType) : undefined,
    key: field instanceof protobuf.MapField ? (field.keyType as Scalar) : 'string',
    packed: rule === 'repeated' && scalar !== undefined && isPackable(scalar) && field.packed,
    // The values of a map never are, whatever the features of the file.
    group: field.delimited && !field.map,
    oneof,
    unset:
      rule === 'implicit' ? zero : oneof === undefined ? declaredDefault(field, scalar) : undefined,
    zero,
  };
}

function ruleOf(field: protobuf.Field): FieldRule {
  if (field.map) return 'map';
  if (field.repeated) return 'repeated';
  if (field.required) return 'required';
  return field.hasPresence || field.resolvedType instanceof protobuf.Type ? 'explicit' : 'implicit';
}

function enumZero(type: protobuf.Enum): number {
  return Object.values(type.values)[0] ?? 0;
}

/** The default that a proto2 or editions field was declared with, undefined when it was not. */
function declaredDefault(field: protobuf.Field, scalar: Scalar | undefined): unknown {
  const declared: unknown = field.options?.default;
  if (declared === undefined || field.required) return undefined;
  const exact: unknown = field.options?.[EXACT_DEFAULT];
  // protobufjs reads a bytes default as base64 whenever it looks like it; the literal is the truth.
  if (scalar === 'bytes') return new Uint8Array(textBytes(declared, exact));
  if (scalar === 'string') return textBytes(declared, exact).toString();
  if (scalar && isLong(scalar)) return BigInt(String(exact ?? field.typeDefault));
  if (scalar === 'float') return Math.fround(Number(declared));
  return scalar === 'double' ? Number(declared) : field.typeDefault;
}

/** The bytes of a declared text. */
export function textBytes(declared: unknown, exact: unknown): Buffer {
  return exact === undefined ? Buffer.from(String(declared)) : Buffer.from(String(exact), 'hex');
}

function refuseCollisions({ name, fields }: MessageShape): void {
  const seen = new Set<string>();
  for (const { property } of fields) {
    if (seen.has(property))
      throw new Error(`${name}: two fields are both named ${property} in lowerCamel`);
    seen.add(property);
  }
}
