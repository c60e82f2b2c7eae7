import { EncodedMessage } from '../base/encoded-message.js';
import type { Codec } from './codec.js';

/** Turns a message into bytes, as a codec's `encode` does. */
export type Encoder<Input> = (value: Input) => EncodedMessage;

interface Shortcut {
  readonly encode: unknown;
  readonly encoder: Encoder<never>;
}

const shortcuts = new WeakMap<object, Shortcut>();

/** Says that `encoder` does what `codec.encode` does, and leaves the message framed in memory. */
export function setEncoder<Input>(codec: Codec<unknown, Input>, encoder: Encoder<Input>): void {
  shortcuts.set(codec, { encode: codec.encode, encoder });
}

/** What calls encode the messages of `codec` with; ask once for many messages. */
export function encoderOf<Input>(codec: Codec<unknown, Input>): Encoder<Input> {
  const shortcut = shortcuts.get(codec);
  if (shortcut?.encode === codec.encode) return shortcut.encoder as Encoder<Input>;
  return (value) => EncodedMessage.of(codec.encode(value));
}
