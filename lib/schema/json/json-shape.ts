import protobuf from 'protobufjs';
import { declaredName, jsonNameOf } from '../descriptors/describe-field.js';
import { type FieldShape, fullName, messageShape } from '../wire/message-shape.js';
import { type EnumNames, enumNames } from './enum-names.js';

/** A field as JSON sees it. */
export interface JsonField extends FieldShape {
  readonly jsonName: string;
  /** The name in the `.proto`. */
  readonly protoName: string;
  readonly enum: EnumNames | undefined;
  /** Whether `null` is a value of it, not a way to say that it is unset. */
  readonly takesNull: boolean;
  /** Whether every object has a property of this name, such as `toString`, which does not count. */
  readonly inherited: boolean;
}

/** A message type as JSON sees it. */
export interface JsonShape {
  readonly name: string;
  /** By ascending field number. */
  readonly fields: readonly JsonField[];
  /** By JSON name and by the name in the `.proto`. */
  readonly byName: ReadonlyMap<string, JsonField>;
}

const shapes = new WeakMap<protobuf.Type, JsonShape>();

/** The JSON shape of a message type. @throws Error when two fields share a JSON name. */
export function jsonShape(type: protobuf.Type): JsonShape {
  let shape = shapes.get(type);
  if (shape === undefined) {
    const { name, fields: plain } = messageShape(type);
    const fields = plain.map((field) => jsonField(field, type));
    // A JSON name counts for more than the same name in the .proto of another field.
    const byName = new Map(fields.map((field) => [field.protoName, field]));
    for (const field of fields) byName.set(field.jsonName, field);
    refuseCollisions(name, fields);
    shape = { name, fields, byName };
    shapes.set(type, shape);
  }
  return shape;
}

function jsonField(shape: FieldShape, type: protobuf.Type): JsonField {
  const field = type.fieldsById[shape.id] as protobuf.Field;
  const { resolvedType } = field;
  const names = resolvedType instanceof protobuf.Enum ? enumNames(resolvedType) : undefined;
  const holdsNull = shape.message
    ? fullName(shape.message) === 'google.protobuf.Value'
    : names?.isNull;
  return {
    ...shape,
    ...namesOf(field),
    enum: names,
    takesNull: holdsNull === true && shape.rule !== 'repeated' && shape.rule !== 'map',
    inherited: shape.property in Object.prototype,
  };
}

function namesOf(field: protobuf.Field): Pick<JsonField, 'jsonName' | 'protoName'> {
  const isGroup = (field.resolvedType as { readonly group?: boolean } | null)?.group === true;
  const extension = field.declaringField;
  if (!extension) {
    const protoName = declaredName(field, isGroup);
    return { protoName, jsonName: jsonNameOf(field, protoName) };
  }
  const scope = extension.parent ? fullName(extension.parent) : '';
  const name = `[${scope === '' ? '' : `${scope}.`}${declaredName(extension, isGroup)}]`;
  return { protoName: name, jsonName: name };
}

function refuseCollisions(message: string, fields: readonly JsonField[]): void {
  const seen = new Set<string>();
  for (const { jsonName } of fields) {
    if (seen.has(jsonName)) throw new Error(`${message}: two fields are both ${jsonName} in JSON`);
    seen.add(jsonName);
  }
}
