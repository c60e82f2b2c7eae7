import { type FSWatcher, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CodegenError } from '../codegen/codegen-error.js';
import { directoriesIn, searchedBy } from '../codegen/find-files.js';
import type { CommandIo } from './command.js';

/** Editors write a file in several steps: this many milliseconds after the first, all is there. */
const SETTLE = 50;

/** What may be written into the same directory. */
const OURS = /\.(ts|tmp)$/;

/**
 * Runs `generate` now, and again whenever something changes in the directories of the files that it
 * reads, until the signal of `io` aborts. What goes wrong is reported, and the next change awaited.
 *
 * @param generate - told whom to tell of each file that it reads
 * @returns 0, once it is to end
 */
export async function watchFiles(
  { files }: { readonly files: readonly string[] },
  generate: (onFile: (path: string) => void) => Promise<number>,
  io: CommandIo,
): Promise<number> {
  const watchers = new Map<string, FSWatcher>();
  const changes = new Changes(io.signal);
  const watchDirectory = (directory: string) => {
    const path = resolve(directory);
    if (watchers.has(path)) return;
    try {
      // A directory that goes away takes its watcher along: its files will be missed soon enough.
      const watcher = watch(path, (_event, name) => {
        if (name === null || !OURS.test(name)) changes.note();
      });
      watchers.set(
        path,
        watcher.on('error', () => watchers.delete(path)),
      );
    } catch {
      // One that is not there has no files to watch, either.
    }
  };
  try {
    while (!io.signal.aborted) {
      for (const directory of await directoriesOf(files)) watchDirectory(directory);
      await generate((path) => watchDirectory(dirname(path))).catch((error: unknown) => {
        io.err(error instanceof CodegenError ? error.message : String(error));
      });
      io.out('watching for changes');
      await changes.next();
    }
    return 0;
  } finally {
    for (const watcher of watchers.values()) watcher.close();
  }
}

/** Where files may come or go: new directories are found each time. */
async function directoriesOf(files: readonly string[]): Promise<string[]> {
  const found = files.map(async (file) => {
    const searched = await searchedBy(file);
    return searched === undefined ? [dirname(file)] : await directoriesIn(searched);
  });
  return (await Promise.all(found)).flat();
}

/** Changes, those that come in a burst as one. */
class Changes {
  readonly #signal: AbortSignal;
  #changed = false;
  #wake: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  note(): void {
    if (this.#changed) return;
    this.#changed = true;
    setTimeout(() => this.#wake?.(), SETTLE);
  }

  /** Resolves when something has changed since it did last, or when all is to end. */
  next(): Promise<void> {
    if (this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#changed = false;
        this.#wake = undefined;
        resolve();
      };
      if (this.#changed) setTimeout(() => this.#wake?.(), SETTLE);
    });
  }
}
