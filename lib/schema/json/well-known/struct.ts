import { isRecord } from '../../wire/is-record.js';
import { setEntry } from '../../wire/map-key.js';
import type { MessageObject } from '../../wire/message-code.js';
import { wrongType } from '../../wire/scalar-fit.js';
import { checkDepth, type Mapping } from '../conversion.js';
import { readScalar } from '../scalar-json.js';

/** `google.protobuf.Struct`: a JSON object. */
export const struct: Mapping = {
  write({ fields }, writing, depth) {
    const json = {};
    for (const [key, each] of Object.entries((fields ?? {}) as MessageObject)) {
      writing.path.enter([key]);
      setEntry(json, key, value.write(each as MessageObject, writing, depth + 1));
      writing.path.leave();
    }
    return json;
  },

  read(json, reading, depth) {
    if (!isRecord(json)) throw wrongType('a JSON object', json);
    const fields = {};
    for (const [key, each] of Object.entries(json)) {
      if (each === undefined) continue;
      reading.path.enter([key]);
      readScalar(key, 'string');
      setEntry(fields, key, value.read(each, reading, depth + 1));
      reading.path.leave();
    }
    return { fields };
  },
};

/** `google.protobuf.ListValue`: a JSON array. */
export const listValue: Mapping = {
  write({ values }, writing, depth) {
    return ((values ?? []) as MessageObject[]).map((each, i) => {
      writing.path.enter(i);
      const json = value.write(each, writing, depth + 1);
      writing.path.leave();
      return json;
    });
  },

  read(json, reading, depth) {
    if (!Array.isArray(json)) throw wrongType('a JSON array', json);
    // A hole is a value that is missing, which `map` would pass over.
    const values = Array.from(json, (each: unknown, i) => {
      reading.path.enter(i);
      const read = value.read(each, reading, depth + 1);
      reading.path.leave();
      return read;
    });
    return { values };
  },
};

/** `google.protobuf.Value`: any JSON. */
export const value: Mapping = {
  write(message, writing, depth) {
    checkDepth(depth);
    const { structValue, listValue: list, numberValue } = message;
    if (isRecord(structValue)) return struct.write(structValue, writing, depth + 1);
    if (isRecord(list)) return listValue.write(list, writing, depth + 1);
    if (numberValue != null) return finite(Number(numberValue));
    for (const plain of [message.stringValue, message.boolValue]) {
      if (plain != null) return plain as string | boolean;
    }
    if (message.nullValue != null) return null;
    throw new TypeError(
      'expected a value, got a google.protobuf.Value with none of its fields set',
    );
  },

  read(json, reading, depth) {
    checkDepth(depth);
    if (json === null) return { nullValue: 0 };
    if (typeof json === 'boolean') return { boolValue: json };
    if (typeof json === 'string') return { stringValue: readScalar(json, 'string') };
    if (typeof json === 'number' || typeof json === 'bigint') {
      return { numberValue: finite(Number(json)) };
    }
    return Array.isArray(json)
      ? { listValue: listValue.read(json, reading, depth + 1) }
      : { structValue: struct.read(json, reading, depth + 1) };
  },
};

function finite(number: number): number {
  if (Number.isFinite(number)) return number;
  throw new RangeError(`expected a number that JSON has, got ${number}`);
}
