import type protobuf from 'protobufjs';

const types = new WeakMap<object, () => protobuf.Type | undefined>();

/**
 * Says which message type a codec is of, for what needs to know more than its bytes, such as JSON.
 * `type` is asked when somebody wants to know, so it may be made as late as that.
 */
export function setMessageType(codec: object, type: () => protobuf.Type): void {
  types.set(codec, type);
}

/** Says that `codec` stands for another one, which is made when somebody wants to know. */
export function standsFor(codec: object, other: () => object): void {
  types.set(codec, () => messageTypeOf(other()));
}

/** The message type of a codec; undefined when it is not one of protobuf messages. */
export function messageTypeOf(codec: unknown): protobuf.Type | undefined {
  return typeof codec === 'object' && codec !== null ? types.get(codec)?.() : undefined;
}
