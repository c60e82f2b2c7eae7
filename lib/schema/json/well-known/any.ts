import { shorten } from '../../wire/describe-misfit.js';
import { isRecord } from '../../wire/is-record.js';
import type { MessageObject } from '../../wire/message-code.js';
import { messageCodec } from '../../wire/message-codec.js';
import { fullName } from '../../wire/message-shape.js';
import { wrongType } from '../../wire/scalar-fit.js';
import type { Mapping, Reading } from '../conversion.js';
import type { JsonValue } from '../json-value.js';

/**
 * `google.protobuf.Any`: the message inside, with `@type` beside its fields, or beside a `value`
 * where it has a form of its own.
 */
export const any: Mapping = {
  write(message, writing, depth) {
    const typeUrl = (message.typeUrl ?? '') as string;
    const bytes = (message.value ?? new Uint8Array(0)) as Uint8Array;
    if (typeUrl === '') {
      if (bytes.length === 0) return {};
      throw new TypeError('expected a typeUrl beside the value');
    }
    const type = writing.typeNamed(nameIn(typeUrl));
    const inner = messageCodec<MessageObject>(type).decode(bytes);
    const json = writing.message(type, inner, depth + 1);
    if (writing.isMapped(type)) return { '@type': typeUrl, value: json };
    return { '@type': typeUrl, ...(json as { readonly [key: string]: JsonValue }) };
  },

  read(json, reading, depth) {
    if (!isRecord(json)) throw wrongType('a message with its @type (a JSON object)', json);
    const { '@type': typeUrl, ...rest } = json;
    if (typeUrl === undefined && Object.keys(rest).length === 0) {
      return { typeUrl: '', value: new Uint8Array(0) };
    }
    if (typeof typeUrl !== 'string') {
      throw wrongType("'@type' (such as 'type.googleapis.com/pkg.Name')", typeUrl);
    }
    const type = reading.typeNamed(nameIn(typeUrl));
    // Some implementations write Empty as they do what has a form of its own.
    const isEmpty = fullName(type) === 'google.protobuf.Empty' && Object.hasOwn(rest, 'value');
    const held = reading.isMapped(type) || isEmpty ? valueBeside(rest, reading) : rest;
    const inner = reading.message(type, held, depth + 1);
    // Decoding gives plain Uint8Arrays, encoding Buffers.
    return { typeUrl, value: new Uint8Array(messageCodec<MessageObject>(type).encode(inner)) };
  },
};

/** The full name is what comes behind the last slash. */
function nameIn(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
}

function valueBeside(rest: MessageObject, { ignoreUnknownFields }: Reading): unknown {
  const others = Object.keys(rest).filter((key) => key !== 'value');
  if (rest.value === undefined) throw new TypeError("expected a 'value' beside '@type'");
  if (others.length === 0 || ignoreUnknownFields) return rest.value;
  throw new TypeError(`expected only '@type' and 'value', got '${shorten(others[0] ?? '')}' too`);
}
