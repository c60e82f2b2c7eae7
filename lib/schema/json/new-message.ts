import type { MessageObject } from '../wire/message-code.js';
import type { FieldShape } from '../wire/message-shape.js';

/** A message in which nothing is set, as decoding no bytes at all would give it. */
export function newMessage(fields: readonly FieldShape[]): MessageObject {
  const message: MessageObject = {};
  for (const { property, rule, unset } of fields) {
    if (rule === 'repeated') message[property] = [];
    else if (rule === 'map') message[property] = {};
    // An unset `toString` must not read as the one every object inherits.
    else if (unset !== undefined || property in Object.prototype) message[property] = copy(unset);
  }
  return message;
}

function copy(unset: unknown): unknown {
  return unset instanceof Uint8Array ? unset.slice() : unset;
}
