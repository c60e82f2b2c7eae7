import protobuf from 'protobufjs';
import { claim, parseProto } from './parse-proto.js';
import type { ProtoFile } from './proto-file.js';
import { ProtoSchema } from './proto-schema.js';
import { wellKnownFile } from './well-known.js';

/**
 * The schema of a `.proto` file that the library itself holds as text. It may import those of
 * Google's well-known files that are in memory, such as `google/protobuf/any.proto`.
 *
 * @param name - for error messages, and its name among the files of a server
 */
export function inlineProto(name: string, source: string): ProtoSchema {
  const root = new protobuf.Root();
  const { imports } = parseProto(root, name, source);
  for (const imported of imports) {
    const known = wellKnownFile(imported);
    if (typeof known !== 'object') throw new Error(`${name}: ${imported} is not built in`);
    root.addJSON(known.nested ?? {});
    claim(root, 'google.protobuf', imported);
  }
  return new ProtoSchema(root, [
    fileOf(name, source, imports),
    ...imports.map((imported) => fileOf(imported, undefined, [])),
  ]);
}

function fileOf(path: string, source: string | undefined, imports: readonly string[]): ProtoFile {
  return {
    path,
    source,
    givenAs: path,
    importedAs: new Set(),
    imports: new Map(imports.map((imported) => [imported, imported])),
  };
}
