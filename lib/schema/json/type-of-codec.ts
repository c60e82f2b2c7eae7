import type protobuf from 'protobufjs';
import { describeValue } from '../../base/describe-value.js';
import { messageTypeOf } from '../wire/message-type-of.js';

/** The message type of a codec. @throws TypeError naming who asks, when it is of none */
export function typeOfCodec(codec: unknown, who: string): protobuf.Type {
  const type = messageTypeOf(codec);
  if (type !== undefined) return type;
  const expected = "the codec of a protobuf message, such as schema.message('pkg.Name')";
  throw new TypeError(`${who} takes ${expected}, got ${describeValue(codec)}`);
}
