import type protobuf from 'protobufjs';
import type { Codec } from '../codec.js';
import { type Encoder, encoderOf, setEncoder } from '../encoder-of.js';

const types = new WeakMap<object, () => protobuf.Type | undefined>();

/**
 * Says which message type a codec is of, for what needs to know more than its bytes, such as JSON.
 * `type` is asked when somebody wants to know, so it may be made as late as that.
 */
export function setMessageType(codec: object, type: () => protobuf.Type): void {
  types.set(codec, type);
}

/** Says that `codec` stands for another one, which is made when it is first of use. */
export function standsFor<Input>(
  codec: Codec<unknown, Input>,
  other: () => Codec<unknown, Input>,
): void {
  let encoder: Encoder<Input> | undefined;
  const use = (): Encoder<Input> => (encoder ??= encoderOf(other()));
  setEncoder(codec, (value: Input) => (encoder ?? use())(value));
  types.set(codec, () => messageTypeOf(other()));
}

/** The message type of a codec; undefined when it is not one of protobuf messages. */
export function messageTypeOf(codec: unknown): protobuf.Type | undefined {
  return typeof codec === 'object' && codec !== null ? types.get(codec)?.() : undefined;
}
