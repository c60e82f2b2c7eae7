import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { GeneratedFile } from './generated-file.js';
import { generatedFrom } from './header.js';

/** A module whose `.proto` is gone. */
export interface LeftOverFile {
  /** Relative to the directory of all, with slashes. */
  readonly path: string;
  /** The file that it was generated from. */
  readonly protoName: string;
}

/** The generated modules below a directory that are not among these, by ascending path. */
export async function leftOverFiles(
  out: string,
  files: readonly GeneratedFile[],
): Promise<LeftOverFile[]> {
  const wanted = new Set(files.map(({ path }) => path));
  const found: LeftOverFile[] = [];
  for (const path of await modulesIn(out)) {
    if (wanted.has(path)) continue;
    const protoName = generatedFrom(await readFile(join(out, path), 'utf8'));
    if (protoName !== undefined) found.push({ path, protoName });
  }
  return found;
}

async function modulesIn(out: string): Promise<string[]> {
  const entries = await readdir(out, { recursive: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts') && !/(^|\/)node_modules\//.test(path))
    .sort();
}
