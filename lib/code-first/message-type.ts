import type { Codec } from '../schema/codec.js';
import type { MessageSpec } from './declarations.js';

/**
 * A message type, as `message` makes it, and its codec.
 *
 * @typeParam Out - what decoding gives
 * @typeParam In - what encoding takes
 */
export interface MessageType<Out, In = Out> extends Codec<Out, In> {
  /** What was declared. Not to be changed. */
  readonly spec: MessageSpec;
}

/** What decoding a message of this type gives: `type Question = MessageOf<typeof Question>`. */
export type MessageOf<Type extends MessageType<unknown, never>> =
  Type extends MessageType<infer Out, infer _In> ? Out : never;

/** What encoding a message of this type takes. */
export type InputOf<Type extends MessageType<unknown, never>> =
  Type extends MessageType<infer _Out, infer In> ? In : never;

/** The declaration of a message type; `undefined` for anything else. */
export function specOf(type: unknown): MessageSpec | undefined {
  const spec = (type as Partial<MessageType<unknown>> | null | undefined)?.spec;
  return typeof spec === 'object' && 'members' in spec ? spec : undefined;
}
