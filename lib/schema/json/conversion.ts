import type protobuf from 'protobufjs';
import { MAX_DEPTH } from '../wire/limits.js';
import type { MessageObject } from '../wire/message-code.js';
import type { JsonPath } from './json-path.js';
import type { JsonValue } from './json-value.js';

interface Conversion {
  readonly path: JsonPath;
  /** A message by its full name. @throws Error when no schema has it. */
  typeNamed(name: string): protobuf.Type;
  /** Whether a type is written in a form of its own, not as an object of its fields. */
  isMapped(type: protobuf.Type): boolean;
}

/** One message on its way to JSON. */
export interface Writing extends Conversion {
  message(type: protobuf.Type, message: MessageObject, depth: number): JsonValue;
}

/** One message on its way from JSON. */
export interface Reading extends Conversion {
  readonly ignoreUnknownFields: boolean;
  message(type: protobuf.Type, json: unknown, depth: number): MessageObject;
}

/** The JSON form of a type that has one of its own. `depth` is how many messages it lies in. */
export interface Mapping {
  /** @param message - one that fits its type */
  write(message: MessageObject, writing: Writing, depth: number): JsonValue;
  read(json: unknown, reading: Reading, depth: number): MessageObject;
}

/** @throws RangeError when so many messages may not lie in one another */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError(`messages nest deeper than ${MAX_DEPTH} levels`);
}
