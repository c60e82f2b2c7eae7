import { type EmbeddedFile, withImports } from './embedded-file.js';
import { parseEmbedded } from './parse-embedded.js';
import { ProtoSchema } from './proto-schema.js';

/**
 * Files that are linked by imports. They are parsed together when the first of them is needed: each
 * for itself, with its imports, would parse what many import as many times.
 */
export class EmbeddedPool {
  #members = new Set<EmbeddedFile>();
  /** The pool that this one went up in. */
  #into: EmbeddedPool | undefined;
  #isClosed = false;
  #parsed: ProtoSchema | undefined;

  /** Adds a file, and what the pools of its imports hold. One that has been parsed stays as it is. */
  add(file: EmbeddedFile, imports: Iterable<EmbeddedPool>): void {
    const pools = [...imports].map((pool) => pool.#last());
    if (pools.some((pool) => pool.#isClosed)) return;
    this.#members.add(file);
    for (const pool of pools) pool.#last().#join(this.#last());
  }

  /**
   * The schema of a file with all that it imports; undefined when it has to be parsed for itself, as it
   * came later than the rest, or does not go together with them.
   */
  schemaOf({ name }: EmbeddedFile): ProtoSchema | undefined {
    const { root, files } = this.#last().#close() ?? {};
    const all = new Map(files?.map((file) => [file.path, file]));
    if (root === undefined || !all.has(name)) return undefined;
    const own = new Set([name]);
    // What is added is visited as well.
    for (const each of own) for (const path of all.get(each)?.imports.values() ?? []) own.add(path);
    const ownFiles = [...all.values()].filter(({ path }) => own.has(path));
    return new ProtoSchema(root, ownFiles, own);
  }

  /** The smaller goes up in the larger. */
  #join(other: EmbeddedPool): void {
    if (this === other) return;
    const [small, large] = this.#members.size < other.#members.size ? [this, other] : [other, this];
    for (const member of small.#members) large.#members.add(member);
    small.#members.clear();
    small.#into = large;
  }

  #last(): EmbeddedPool {
    return this.#into === undefined ? this : this.#into.#last();
  }

  #close(): ProtoSchema | undefined {
    if (this.#isClosed) return this.#parsed;
    this.#isClosed = true;
    const files = goTogether(this.#members);
    this.#members.clear();
    if (new Set(files.map(({ name }) => name)).size < files.length) return undefined;
    try {
      this.#parsed = parseEmbedded(files);
    } catch {
      // The file that is wrong will say so when it is parsed for itself.
    }
    return this.#parsed;
  }
}

/** Imports first, each text read once; without files that add to messages of others. */
function goTogether(members: Iterable<EmbeddedFile>): EmbeddedFile[] {
  const all = new Set<EmbeddedFile>();
  for (const member of members) withImports(member, all);
  const apart = new Set<EmbeddedFile>();
  const files: EmbeddedFile[] = [];
  for (const file of all) {
    const text = file.source?.();
    const isApart = extendsOthers(text) || [...file.imports.values()].some((f) => apart.has(f));
    if (isApart) apart.add(file);
    else files.push({ ...file, source: text === undefined ? undefined : () => text });
  }
  return files;
}

const EXTEND = /\bextend\s+([\w.]+)\s*\{/g;

/**
 * Whether a file adds to messages of others, which are to be without it where that file is not
 * imported. Options are not meant: all but tools ignore them.
 */
function extendsOthers(text = ''): boolean {
  return [...text.matchAll(EXTEND)].some(([, name = '']) => {
    const last = name.split('.').at(-1);
    const isOption = /^\.?google\.protobuf\.\w+Options$/.test(name);
    return !isOption && !new RegExp(`\\bmessage\\s+${last}\\b`).test(text);
  });
}
