import protobuf from 'protobufjs';
import { parseProto } from './parse-proto.js';
import { ProtoSchema } from './proto-schema.js';

/** The schema of one file, which imports nothing, from its text. `name` is its name among others. */
export function parseSchema(name: string, source: string): ProtoSchema {
  const root = new protobuf.Root();
  parseProto(root, name, source);
  const file = {
    path: name,
    source,
    givenAs: name,
    importedAs: new Set<string>(),
    imports: new Map(),
  };
  return new ProtoSchema(root, [file]);
}
