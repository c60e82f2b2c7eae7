import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { CodegenError } from './codegen-error.js';

const GLOB = /[*?{]/;

/** What patterns name. */
export interface FoundFiles {
  /** Each once, by ascending path. */
  readonly files: readonly string[];
  /** The directories that were looked through for them. */
  readonly searched: readonly string[];
}

/**
 * The files that paths, globs and directories name.
 *
 * @throws CodegenError when a glob or a directory has none
 */
export async function findFiles(patterns: readonly string[]): Promise<FoundFiles> {
  const found = new Set<string>();
  const searched: string[] = [];
  for (const pattern of patterns) {
    const directory = await searchedBy(pattern);
    const files = directory === undefined ? [pattern] : await matches(pattern, directory);
    if (files.length === 0) {
      const text =
        pattern === directory ? 'there is no .proto file below it' : 'there is no such file';
      throw new CodegenError([{ file: pattern, line: undefined, text }]);
    }
    for (const file of files) found.add(file);
    if (directory !== undefined) searched.push(directory);
  }
  return { files: [...found].sort(), searched };
}

/**
 * The directory to look through for a pattern; undefined for the path of a file, which may be one in
 * an include directory, too.
 */
export async function searchedBy(pattern: string): Promise<string | undefined> {
  const info = await stat(pattern).catch(() => undefined);
  if (info?.isDirectory()) return pattern;
  if (info !== undefined || !GLOB.test(pattern)) return undefined;
  const parts = pattern.split(/[\\/]/);
  const base = parts
    .slice(
      0,
      parts.findIndex((part) => GLOB.test(part)),
    )
    .join(sep);
  return base === '' ? (/^[\\/]/.test(pattern) ? sep : '.') : base;
}

async function matches(pattern: string, directory: string): Promise<string[]> {
  const files = await filesIn(directory);
  if (pattern === directory) return files.filter((file) => file.endsWith('.proto'));
  const wanted = alternatives(slashes(normalize(pattern))).map(
    (each) => new RegExp(`^${toRegExp(each)}$`),
  );
  return files.filter((file) => wanted.some((glob) => glob.test(slashes(file))));
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}

/** A directory and all below it, but for `node_modules` and hidden ones. */
export async function directoriesIn(directory: string): Promise<string[]> {
  const found = [directory];
  for (const each of found) {
    for (const entry of await entriesOf(each)) {
      if (entry.isDirectory()) found.push(join(each, entry.name));
    }
  }
  return found;
}

async function filesIn(directory: string): Promise<string[]> {
  const files: string[] = [];
  for (const each of await directoriesIn(directory)) {
    for (const entry of await entriesOf(each)) {
      if (!entry.isDirectory()) files.push(join(each, entry.name));
    }
  }
  return files;
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
}

/** `{a,b}/c` as `a/c` and `b/c`. */
function alternatives(pattern: string): string[] {
  const [braces, inside = ''] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  if (braces === undefined) return [pattern];
  return inside.split(',').flatMap((part) => alternatives(pattern.replace(braces, () => part)));
}

/** A glob as a regular expression. */
function toRegExp(glob: string): string {
  return glob.replace(/\*\*\/|\*\*|[*?.+^$()|[\]\\]/g, (sign) => {
    if (sign === '**/') return '(?:[^/]+/)*';
    if (sign === '**') return '.*';
    if (sign === '*') return '[^/]*';
    return sign === '?' ? '[^/]' : `\\${sign}`;
  });
}
