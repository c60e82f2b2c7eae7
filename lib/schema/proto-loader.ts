import protobuf from 'protobufjs';
import {
  entryCandidates,
  entryName,
  findProto,
  importCandidates,
  ProtoNotFoundError,
} from './find-proto.js';
import { claim, parseProto } from './parse-proto.js';
import type { ProtoFile } from './proto-file.js';
import { wellKnownFile } from './well-known.js';

/** Reads `.proto` files and all that they import into one root. */
export class ProtoLoader {
  readonly root = new protobuf.Root();
  readonly #includeDirs: readonly string[];
  readonly #onSource: (path: string, source: string) => void;
  readonly #loaded = new Map<string, LoadedFile>();

  /** @param onSource - told of each file before it is parsed */
  constructor(
    includeDirs: readonly string[],
    onSource: (path: string, source: string) => void = () => {},
  ) {
    this.#includeDirs = includeDirs;
    this.#onSource = onSource;
  }

  get files(): readonly ProtoFile[] {
    return [...this.#loaded.values()];
  }

  /** Adds a file by the path that a user gave, and gives its own. */
  async addEntry(file: string): Promise<string> {
    const loaded = await this.#add(file, entryCandidates(file, this.#includeDirs));
    const isKnown = wellKnownFile(file) !== undefined;
    loaded.givenAs ??= isKnown ? file : await entryName(loaded.path, this.#includeDirs);
    return loaded.path;
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
    this.#onSource(path, source);
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
