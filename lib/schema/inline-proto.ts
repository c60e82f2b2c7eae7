import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { claim, parseProto } from './parse-proto.js';
import type { ProtoFile } from './proto-file.js';
import { ProtoSchema } from './proto-schema.js';
import { wellKnownFile } from './well-known.js';

/**
 * The schema of a `.proto` file that is held as text. It may import Google's well-known files, such
 * as `google/protobuf/any.proto`.
 *
 * @param name - for error messages, and its name among the files of a server
 */
export function inlineProto(name: string, source: string): ProtoSchema {
  return inlineProtos(new Map([[name, source]]));
}

/**
 * As `inlineProto`, for files by their names, which may import one another.
 *
 * @param sources - without a text, it is one of Google's
 * @param nameOf - the name of what a file imports, where it has another name for it
 */
export function inlineProtos(
  sources: ReadonlyMap<string, string | undefined>,
  nameOf: (imported: string, importer: string) => string = (imported) => imported,
): ProtoSchema {
  const root = new protobuf.Root();
  const files = new Map<string, ProtoFile>();
  const add = (name: string, source: string) => {
    const { imports, weakImports } = parseProto(root, name, source);
    const renamed = new Map(imports.map((imported) => [imported, nameOf(imported, name)]));
    for (const weak of weakImports) {
      if (sources.has(nameOf(weak, name))) renamed.set(weak, nameOf(weak, name));
    }
    files.set(name, fileOf(name, source, renamed));
    for (const imported of renamed.values()) {
      if (sources.get(imported) === undefined) addKnown(imported, name);
    }
  };
  const addKnown = (name: string, importer: string) => {
    if (files.has(name)) return;
    const known = wellKnownFile(name);
    if (known === undefined) throw new Error(`${importer}: ${name} is not built in`);
    if (typeof known === 'string') return add(name, readFileSync(known, 'utf8'));
    root.addJSON(known.nested ?? {});
    claim(root, 'google.protobuf', name);
    files.set(name, fileOf(name, undefined, new Map()));
  };
  for (const [name, source] of sources) {
    if (source === undefined) addKnown(name, name);
    else add(name, source);
  }
  return new ProtoSchema(root, [...files.values()]);
}

function fileOf(
  path: string,
  source: string | undefined,
  imports: ReadonlyMap<string, string>,
): ProtoFile {
  return { path, source, givenAs: path, importedAs: new Set(), imports };
}
