import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { describeValue } from '../base/describe-value.js';
import {
  entryCandidates,
  entryName,
  findProto,
  importCandidates,
  ProtoNotFoundError,
} from './find-proto.js';
import { claim, parseProto } from './parse-proto.js';
import type { ProtoFile } from './proto-file.js';
import { ProtoSchema } from './proto-schema.js';
import { wellKnownFile } from './well-known.js';

/** How to load `.proto` files. */
export interface LoadOptions {
  /** The directories that imports are looked up in first, as protoc's `-I`; relative to the working directory. */
  includeDirs?: readonly (string | URL)[];
}

/**
 * Loads `.proto` files and all that they import.
 *
 * A path is relative to the working directory (or to an include directory); a `file:` URL will do as
 * well. Imports are looked up in `includeDirs`, then beside the importing file and in the directories
 * above it. Google's well-known files (`google/protobuf/timestamp.proto` and so on) are built in.
 *
 * @throws TypeError for arguments of a wrong type; Error for a file that cannot be found (with all
 *   places looked at) or parsed (with the line), or a type that is missing (with the field)
 */
export async function loadProto(
  files: string | URL | readonly (string | URL)[],
  options: LoadOptions = {},
): Promise<ProtoSchema> {
  const entries = (Array.isArray(files) ? files : [files]).map((file) => toPath(file, 'files'));
  if (entries.length === 0) throw new TypeError('expected files to name at least one proto file');
  const loader = new Loader(includeDirsOf(options));
  for (const entry of entries) await loader.addEntry(entry);
  return new ProtoSchema(loader.root, loader.files);
}

class Loader {
  readonly root = new protobuf.Root();
  readonly #includeDirs: readonly string[];
  readonly #loaded = new Map<string, LoadedFile>();

  constructor(includeDirs: readonly string[]) {
    this.#includeDirs = includeDirs;
  }

  get files(): readonly ProtoFile[] {
    return [...this.#loaded.values()];
  }

  async addEntry(file: string): Promise<void> {
    const loaded = await this.#add(file, entryCandidates(file, this.#includeDirs));
    loaded.givenAs ??= await entryName(loaded.path, this.#includeDirs);
  }

  async #add(name: string, candidates: readonly string[], importer?: string): Promise<LoadedFile> {
    const known = wellKnownFile(name);
    if (typeof known === 'object') return this.#loaded.get(name) ?? this.#addKnown(name, known);
    const { path, source } = await findProto(
      name,
      known === undefined ? candidates : [known],
      importer,
    );
    const loaded = this.#loaded.get(path);
    if (loaded !== undefined) return loaded;
    const file = this.#keep(path, source);
    const { imports, weakImports } = parseProto(this.root, path, source);
    for (const imported of imports) await this.#addImport(imported, file);
    for (const imported of weakImports) await this.#addImport(imported, file, 'weak');
    return file;
  }

  /** A weak import may be missing. */
  async #addImport(name: string, importer: LoadedFile, weak?: 'weak'): Promise<void> {
    const { path } = importer;
    try {
      const file = await this.#add(name, importCandidates(name, path, this.#includeDirs), path);
      importer.imports.set(name, file.path);
      file.importedAs.add(name);
    } catch (error) {
      if (weak === undefined || !(error instanceof ProtoNotFoundError)) throw error;
    }
  }

  #addKnown(name: string, definitions: protobuf.INamespace): LoadedFile {
    this.root.addJSON(definitions.nested ?? {});
    claim(this.root, 'google.protobuf', name);
    return this.#keep(name, undefined);
  }

  #keep(path: string, source: string | undefined): LoadedFile {
    const file: LoadedFile = {
      path,
      source,
      givenAs: source === undefined ? path : undefined,
      importedAs: new Set(),
      imports: new Map(),
    };
    this.#loaded.set(path, file);
    return file;
  }
}

interface LoadedFile extends ProtoFile {
  givenAs: string | undefined;
  readonly importedAs: Set<string>;
  readonly imports: Map<string, string>;
}

function includeDirsOf(options: LoadOptions): string[] {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`expected options to be an object, got ${describeValue(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (key !== 'includeDirs')
      throw new TypeError(`unknown option ${key}; there is only includeDirs`);
  }
  const { includeDirs = [] } = options;
  if (!Array.isArray(includeDirs)) {
    throw new TypeError(
      `expected includeDirs to be an array of directories, got ${describeValue(includeDirs)}`,
    );
  }
  return includeDirs.map((dir) => toPath(dir, 'includeDirs'));
}

function toPath(file: unknown, what: string): string {
  if (file instanceof URL && file.protocol === 'file:') return fileURLToPath(file);
  if (typeof file === 'string' && file !== '')
    return file.startsWith('file:') ? fileURLToPath(file) : file;
  throw new TypeError(`expected ${what} to be paths or file: URLs, got ${describeValue(file)}`);
}
