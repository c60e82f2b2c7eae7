import { posix, sep } from 'node:path';
import type { ProtoFile } from '../proto-file.js';

/**
 * One name for each path, unique: the longest that a file is imported by, in whichever schema, then
 * the one it was given by. Where another file has that already, as much of the path as tells them apart.
 */
export function nameFiles(files: readonly ProtoFile[]): ReadonlyMap<string, string> {
  const byPath = new Map<string, ProtoFile[]>();
  for (const file of files) byPath.set(file.path, [...(byPath.get(file.path) ?? []), file]);
  const named = new Map<string, string>();
  const taken = new Set<string>();
  for (const [path, same] of byPath) {
    const name = wanted(same).find((each) => !taken.has(each)) ?? path;
    taken.add(name);
    named.set(path, name);
  }
  return named;
}

function wanted(same: readonly ProtoFile[]): string[] {
  const imported = same.flatMap(({ importedAs }) => [...importedAs]);
  const given = same.flatMap(({ givenAs }) => givenAs ?? []);
  return [
    ...imported.sort((a, b) => b.length - a.length),
    ...given,
    ...same.flatMap(({ path }) => tails(path)),
  ];
}

/** `c.proto`, `b/c.proto`, `a/b/c.proto` of `/a/b/c.proto`. */
function tails(path: string): string[] {
  const parts = path.split(sep).filter((part) => part !== '');
  return parts.map((_, i) => posix.join(...parts.slice(parts.length - 1 - i)));
}
