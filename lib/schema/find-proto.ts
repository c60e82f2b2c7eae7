import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A `.proto` file found on disk. */
export interface FoundProto {
  /** Absolute, without symbolic links: one file has one path. */
  readonly path: string;
  readonly source: string;
}

/** No file of that name anywhere: how a weak import may fail. */
export class ProtoNotFoundError extends Error {
  override readonly name = 'ProtoNotFoundError';
  readonly file: string;
  readonly importer: string | undefined;

  constructor(file: string, importer: string | undefined, tried: readonly string[]) {
    const by = importer === undefined ? '' : `, imported by ${importer}`;
    const places = tried.map((path) => `\n  ${path}`).join('');
    super(`cannot find the proto file ${file}${by}; looked at${places}`);
    this.file = file;
    this.importer = importer;
  }
}

/** Where a file given by the user may be: in the working directory, or under an include directory. */
export function entryCandidates(file: string, includeDirs: readonly string[]): string[] {
  return [resolve(file), ...includeDirs.map((dir) => resolve(dir, file))];
}

/**
 * What an entry is called among other files, with slashes: its path from the include directory, or
 * from the working directory, that it is in; undefined when it is in neither.
 */
export async function entryName(
  path: string,
  includeDirs: readonly string[],
): Promise<string | undefined> {
  for (const dir of [...includeDirs, '.']) {
    const from = await realpath(dir).catch(() => undefined);
    const name = from === undefined ? '..' : relative(from, path);
    if (!name.startsWith('..') && !isAbsolute(name)) return name.split(sep).join('/');
  }
  return undefined;
}

/**
 * Where an imported file may be: under the include directories as for protoc, beside the file that
 * imports it, or in a directory above, as when a tree is imported by paths from its root.
 */
export function importCandidates(
  name: string,
  importer: string,
  includeDirs: readonly string[],
): string[] {
  const above: string[] = [];
  let dir = dirname(importer);
  for (;;) {
    above.push(join(dir, name));
    const parent = dirname(dir);
    if (parent === dir) break;
    dir = parent;
  }
  return [...includeDirs.map((include) => resolve(include, name)), ...above];
}

/**
 * The first candidate that is a file.
 *
 * @throws ProtoNotFoundError naming all places looked at, when there is none; the system's own error when a file
 *   is there and cannot be read
 */
export async function findProto(
  name: string,
  candidates: readonly string[],
  importer?: string,
): Promise<FoundProto> {
  const tried = [...new Set(candidates)];
  for (const candidate of tried) {
    const source = await readIfFile(candidate);
    if (source !== undefined) return { path: await realpath(candidate), source };
  }
  throw new ProtoNotFoundError(name, importer, tried);
}

async function readIfFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
