import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from './generated-file.js';

/** What {@link writeFiles} did. */
export interface WriteResult {
  /** The paths of the files that were new or other than before. */
  readonly written: readonly string[];
}

/**
 * Writes files below a directory, which is made if need be. Files that are as they should be are left
 * alone. All are written beside their places first and moved there at the end: a disk that is full,
 * or a directory that is not to be written to, leaves everything as it was.
 *
 * @throws Error, the system's own, when one cannot be written
 */
export async function writeFiles(
  out: string,
  files: readonly GeneratedFile[],
): Promise<WriteResult> {
  return { written: await replaceFiles(out, await staleFiles(out, files)) };
}

/** As {@link writeFiles}, whatever is there. @returns their paths */
export async function replaceFiles(
  out: string,
  files: readonly GeneratedFile[],
): Promise<readonly string[]> {
  const moves: { readonly from: string; readonly to: string }[] = [];
  try {
    for (const { path, text } of files) {
      const to = join(out, path);
      await mkdir(dirname(to), { recursive: true });
      const from = `${to}.${process.pid}.tmp`;
      moves.push({ from, to });
      await writeFile(from, text);
    }
    for (const { from, to } of moves) await rename(from, to);
  } catch (error) {
    for (const { from } of moves) await rm(from, { force: true });
    throw error;
  }
  return moves.map(({ to }) => to);
}

/** A file that is not on disk as it should be. */
export interface StaleFile extends GeneratedFile {
  /** What is there; undefined when there is none. */
  readonly found: string | undefined;
}

/** The files that are missing below a directory, or other than these. */
export async function staleFiles(
  out: string,
  files: readonly GeneratedFile[],
): Promise<StaleFile[]> {
  const stale: StaleFile[] = [];
  for (const file of files) {
    const found = await readIfThere(join(out, file.path));
    // A checkout may have changed the line ends.
    if (found?.replaceAll('\r\n', '\n') !== file.text) stale.push({ ...file, found });
  }
  return stale;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
