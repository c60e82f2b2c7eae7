import type { Codec } from '../schema/codec.js';
import { inlineProto } from '../schema/inline-proto.js';
import { standsFor } from '../schema/wire/message-type-of.js';
import { groupOf } from './code-groups.js';
import type { MessageSpec } from './declarations.js';
import type { MessageType } from './message-type.js';

/** A message type with the codec of the file that it is printed to, which is made when first used. */
export function messageTypeOf<Out, In>(spec: MessageSpec): MessageType<Out, In> {
  let codec: Codec<Out, In> | undefined;
  const use = (): Codec<Out, In> => (codec ??= codecOf(spec));
  const type: MessageType<Out, In> = {
    spec,
    encode: (value) => (codec ?? use()).encode(value),
    decode: (bytes) => (codec ?? use()).decode(bytes),
  };
  standsFor(type, use);
  return Object.freeze(type);
}

function codecOf<Out, In>(spec: MessageSpec): Codec<Out, In> {
  return findCodec(spec) as unknown as Codec<Out, In>;
}

function findCodec(spec: MessageSpec): Codec<never> {
  if (spec.file !== undefined) {
    const source = `syntax = "proto3"; import "${spec.file}";`;
    return inlineProto('well-known.proto', source).message<never>(spec.name);
  }
  const group = groupOf(spec);
  return group.schema.message<never>(group.types.fullName(spec));
}
