import type protobuf from 'protobufjs';
import { type FieldShape, messageShape } from '../schema/wire/message-shape.js';
import { fileOf } from './definitions.js';

/** A field, as it was declared and as the codec sees it. */
export interface MessageField {
  readonly field: protobuf.Field;
  readonly shape: FieldShape;
}

/** The fields of a message in the order of their declaration, those of a oneof under its own. */
export interface MessageFields {
  readonly plain: readonly MessageField[];
  readonly oneofs: ReadonlyMap<protobuf.OneOf, readonly MessageField[]>;
}

/** More combinations of oneofs than this would make the compiler slow: the rest is not guarded. */
const MAX_COMBINATIONS = 256;

/** What a message has, without what other files extend it with. */
export function messageFields(type: protobuf.Type): MessageFields {
  const shapes = new Map(messageShape(type).fields.map((shape) => [shape.id, shape]));
  const own = type.fieldsArray
    .filter(({ declaringField }) => !declaringField || fileOf(declaringField) === fileOf(type))
    .map((field): MessageField => ({ field, shape: shapes.get(field.id) as FieldShape }));
  const guarded = guardedOneofs(type);
  const oneofs = new Map<protobuf.OneOf, MessageField[]>([...guarded].map((oneof) => [oneof, []]));
  const plain = own.filter(({ field, shape }) => {
    const members =
      shape.oneof === undefined ? undefined : oneofs.get(field.partOf as protobuf.OneOf);
    members?.push({ field, shape });
    return members === undefined;
  });
  return { plain, oneofs };
}

function guardedOneofs(type: protobuf.Type): Set<protobuf.OneOf> {
  const guarded = new Set<protobuf.OneOf>();
  let combinations = 1;
  for (const oneof of type.oneofsArray) {
    if ((oneof as protobuf.OneOf & { isProto3Optional?: boolean }).isProto3Optional) continue;
    const more = combinations * (oneof.fieldsArray.length + 1);
    if (oneof.fieldsArray.length === 0 || (guarded.size > 0 && more > MAX_COMBINATIONS)) continue;
    combinations = more;
    guarded.add(oneof);
  }
  return guarded;
}
