import type { Codec } from '../codec.js';
import type { MessageObject } from '../wire/message-code.js';
import { fullName } from '../wire/message-shape.js';
import { checkToJsonOptions, type ToJsonOptions } from './json-options.js';
import { JsonPath } from './json-path.js';
import type { JsonValue } from './json-value.js';
import { MessageWriter } from './message-writer.js';
import { typeOfCodec } from './type-of-codec.js';

/**
 * A protobuf message as JSON, by the rules of https://protobuf.dev/programming-guides/json/: names in
 * lowerCamel, enums by name, 64-bit integers and `bytes` (base64) as strings, times, durations and
 * the other well-known types in their own forms. What it gives shares nothing with the message.
 *
 * It takes what `type.encode` takes. Unknown fields, which decoding drops, are not in it. The
 * sign of a `-0` is in what it gives; `JSON.stringify` drops it.
 *
 * @param type - the codec of a protobuf message, as `schema.message('pkg.Name')` gives it and as the
 *   methods of a loaded service have it
 * @throws TypeError | RangeError with the path of the field, when a value does not fit its type or
 *   has no JSON, such as a time after the year 9999; Error when the type inside an `Any` is not in
 *   the schema
 */
export function toJson<Out, Input = Out>(
  type: Codec<Out, Input>,
  message: NoInfer<Input>,
  options: ToJsonOptions = {},
): JsonValue {
  const messageType = typeOfCodec(type, 'toJson()');
  checkToJsonOptions(options);
  // Encoding is the fastest way to learn whether the message fits, and says where it does not.
  type.encode(message);
  const path = new JsonPath(fullName(messageType));
  const writer = new MessageWriter(messageType, path, options);
  return path.tell(() => writer.message(messageType, message as MessageObject, 0));
}
