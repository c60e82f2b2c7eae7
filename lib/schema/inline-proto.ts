import protobuf from 'protobufjs';
import { parseProto } from './parse-proto.js';
import { ProtoSchema } from './proto-schema.js';
import { wellKnownFile } from './well-known.js';

/**
 * The schema of a `.proto` file that the library itself holds as text. It may import those of
 * Google's well-known files that are in memory, such as `google/protobuf/any.proto`.
 *
 * @param name - for error messages
 */
export function inlineProto(name: string, source: string): ProtoSchema {
  const root = new protobuf.Root();
  for (const imported of parseProto(root, name, source).imports) {
    const known = wellKnownFile(imported);
    if (typeof known !== 'object') throw new Error(`${name}: ${imported} is not built in`);
    root.addJSON(known.nested ?? {});
  }
  return new ProtoSchema(root);
}
