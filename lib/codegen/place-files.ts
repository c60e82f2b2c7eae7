import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import type { ProtoFile } from '../schema/proto-file.js';
import { wellKnownFile } from '../schema/well-known.js';

/**
 * What each file is called among the generated ones, with slashes, by their paths: its path from the
 * include directory that it is in, or else from the directory that all others are in, and those
 * that were searched. Google's well-known files have the names that they are imported by.
 */
export async function placeFiles(
  files: readonly ProtoFile[],
  includeDirs: readonly string[],
  searched: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const dirs = await Promise.all(includeDirs.map((dir) => realpath(dir).catch(() => dir)));
  const own = files.filter((file) => wellKnownName(file) === undefined).map(({ path }) => path);
  const outside = own.filter((path) => !dirs.some((dir) => nameIn(dir, path)));
  const above = await Promise.all(searched.map((dir) => realpath(dir)));
  const common = commonDir([...outside.map((path) => dirname(path)), ...above]);
  return new Map(
    files.map((file) => {
      const inDirs = dirs.map((dir) => nameIn(dir, file.path)).filter((name) => name !== undefined);
      const shortest = inDirs.sort((a, b) => a.length - b.length)[0];
      const name = wellKnownName(file) ?? shortest ?? nameIn(common, file.path);
      return [file.path, name as string];
    }),
  );
}

/** The name of a file that is Google's, such as `google/protobuf/timestamp.proto`. */
export function wellKnownName({ path, givenAs, importedAs }: ProtoFile): string | undefined {
  const names = [...importedAs, ...(givenAs === undefined ? [] : [givenAs])];
  return names.find((name) => {
    const known = wellKnownFile(name);
    return typeof known === 'object' || known === path;
  });
}

function nameIn(dir: string, path: string): string | undefined {
  const name = relative(dir, path);
  return name.startsWith('..') || isAbsolute(name) ? undefined : name.split(sep).join('/');
}

function commonDir(dirs: readonly string[]): string {
  let common = dirs[0] ?? '.';
  while (!dirs.every((dir) => nameIn(common, dir) !== undefined)) common = dirname(common);
  return common;
}
