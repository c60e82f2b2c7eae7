import type protobuf from 'protobufjs';
import { fullName } from '../wire/message-shape.js';

/** The full name with the leading dot that keeps it from being looked up in scopes. */
export function typeName(object: protobuf.ReflectionObject): string {
  return `.${fullName(object)}`;
}
