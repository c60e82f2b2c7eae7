import {
  type DescField,
  type DescMessage,
  fromBinary,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import type { ProtoSchema } from 'tributary';
import { fileDescriptors } from '../../lib/schema/descriptors/file-descriptors.js';
import { link, readDescriptors } from '../schema/descriptors/linked.js';

/** A message in the shape that Tributary has. */
export type Plain = { [property: string]: unknown };

/** The messages of a schema, as @bufbuild/protobuf sees them. */
export function describedMessages(schema: ProtoSchema): (name: string) => DescMessage {
  const files = [...fileDescriptors([schema]).values()].map(({ bytes }) => bytes);
  const registry = link(readDescriptors(files));
  return (name) => {
    const found = registry.getMessage(name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };
}

/** The bytes that @bufbuild/protobuf makes of a message. */
export function encodeThere(desc: DescMessage, value: Plain): Uint8Array {
  return toBinary(desc, build(desc, value).message);
}

/** What @bufbuild/protobuf reads, in the shape that Tributary has. */
export function decodeThere(desc: DescMessage, bytes: Uint8Array): Plain {
  // It gives views of a Buffer where it is given one.
  return plain(reflect(desc, fromBinary(desc, new Uint8Array(bytes))));
}

function build(desc: DescMessage, value: Plain): ReflectMessage {
  const message = reflect(desc);
  for (const field of desc.fields) {
    if (!Object.hasOwn(value, field.jsonName)) continue;
    const set = value[field.jsonName];
    const one = (item: unknown) => (field.message ? build(field.message, item as Plain) : item);
    if (field.fieldKind === 'list') {
      for (const item of set as unknown[]) message.get(field).add(one(item));
    } else if (field.fieldKind === 'map') {
      for (const [key, item] of Object.entries(set as object)) {
        message.get(field).set(keyOf(field, key), one(item));
      }
    } else message.set(field, one(set));
  }
  return message;
}

function keyOf(
  field: DescField & { fieldKind: 'map' },
  key: string,
): string | number | bigint | boolean {
  if (field.mapKey === ScalarType.STRING) return key;
  if (field.mapKey === ScalarType.BOOL) return key === 'true';
  return LONG.has(field.mapKey) ? BigInt(key) : Number(key);
}

const { INT64, UINT64, FIXED64, SFIXED64, SINT64 } = ScalarType;
const LONG = new Set<ScalarType>([INT64, UINT64, FIXED64, SFIXED64, SINT64]);

function plain(message: ReflectMessage): Plain {
  const out: Plain = {};
  for (const field of message.fields) {
    const one = (item: unknown) => (field.message ? plain(item as ReflectMessage) : item);
    if (field.fieldKind === 'list') out[field.jsonName] = [...message.get(field)].map(one);
    else if (field.fieldKind === 'map') {
      const entries = [...message.get(field)] as [unknown, unknown][];
      out[field.jsonName] = Object.fromEntries(entries.map(([key, item]) => [key, one(item)]));
    } else if (message.isSet(field) || hasDefault(field)) {
      const value = one(message.get(field));
      // It reads the declared default of a float as a double.
      out[field.jsonName] = isFloat(field) ? Math.fround(value as number) : value;
    }
  }
  return out;
}

function isFloat(field: DescField): boolean {
  return field.fieldKind === 'scalar' && field.scalar === ScalarType.FLOAT;
}

/** Whether an unset field reads as something: the zero, or what a proto2 file declares. */
function hasDefault(field: DescField): boolean {
  if (field.oneof !== undefined || field.fieldKind === 'message') return false;
  return field.presence === IMPLICIT || field.proto.defaultValue !== '';
}

/** `FieldDescriptorProto`'s number for fields without presence. */
const IMPLICIT = 2;
