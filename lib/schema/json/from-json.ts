import type { Codec } from '../codec.js';
import { fullName } from '../wire/message-shape.js';
import { checkFromJsonOptions, type FromJsonOptions } from './json-options.js';
import { JsonPath } from './json-path.js';
import { MessageReader } from './message-reader.js';
import { typeOfCodec } from './type-of-codec.js';

/**
 * A protobuf message from its JSON, by the rules of https://protobuf.dev/programming-guides/json/:
 * what {@link toJson} gives, and what those rules also allow, such as names as they are in the
 * `.proto`, numbers for enums, 64-bit integers as numbers. The message is as decoding would give it.
 *
 * A 64-bit integer that is a number beyond 2^53 is refused: it was rounded when the text was parsed.
 * `fromJsonText` reads it exactly.
 *
 * @param type - the codec of a protobuf message, as `schema.message('pkg.Name')` gives it and as the
 *   methods of a loaded service have it
 * @param json - as `JSON.parse` gives it
 * @throws TypeError | RangeError with the path of the field, when something does not fit; Error when
 *   the type inside an `Any` is not in the schema
 */
export function fromJson<Out, Input = Out>(
  type: Codec<Out, Input>,
  json: unknown,
  options: FromJsonOptions = {},
): Out {
  const messageType = typeOfCodec(type, 'fromJson()');
  checkFromJsonOptions(options);
  const path = new JsonPath(fullName(messageType));
  const reader = new MessageReader(messageType, path, options);
  return path.tell(() => reader.message(messageType, json, 0)) as Out;
}
