import { parseArgs } from 'node:util';
import { searchedBy } from '../codegen/find-files.js';
import { type Generated, generate } from '../codegen/generate.js';
import { leftOverFiles } from '../codegen/left-over-files.js';
import { describeProblem } from '../codegen/problem.js';
import { staleFiles, writeFiles } from '../codegen/write-files.js';
import type { Command, CommandIo } from './command.js';
import { diff } from './diff.js';
import { UsageError } from './usage-error.js';
import { watchFiles } from './watch-files.js';

const usage = `Usage: tributary gen [options] <file>...

Generates a TypeScript module of each .proto file, and of all that they import.

  <file>           a path, a glob in quotes ('proto/**/*.proto'), or a directory

Options:
  --out <dir>      where the modules go; they lie there as the files do in their directory
  --include <dir>  where imports are looked up first; may be given several times
  --check          write nothing: exit with 1, and show a diff, if a module is not as it should be,
                   or is left over from a file that is gone (of directories and globs)
  --watch          generate again whenever one of the files changes
  --help           this text

Nothing is written when a file has a mistake, nor over a module that was not generated.

Examples:
  tributary gen --out src/gen proto/shop.proto
  tributary gen --out src/gen --include proto --include vendor 'proto/**/*.proto'
  tributary gen --out src/gen --check proto`;

interface Task {
  readonly files: readonly string[];
  readonly out: string;
  readonly includeDirs: readonly string[];
}

/** `tributary gen`: TypeScript from `.proto` files. */
export const genCommand: Command = {
  summary: 'generate TypeScript from .proto files',
  usage,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        include: { type: 'string', multiple: true },
        check: { type: 'boolean' },
        watch: { type: 'boolean' },
      },
    });
    const { out, include = [], check = false, watch = false } = values;
    if (positionals.length === 0) throw new UsageError('no .proto file is given');
    if (out === undefined || out === '') {
      throw new UsageError('--out is missing: the directory for the modules');
    }
    if (check && watch) throw new UsageError('--check and --watch do not go together');
    const task: Task = { files: positionals, out, includeDirs: include };
    if (watch) return await watchFiles(task, (onFile) => write(task, io, onFile), io);
    return check ? await checkTask(task, io) : await write(task, io);
  },
};

async function write(task: Task, io: CommandIo, onFile?: (path: string) => void): Promise<number> {
  const generated = await generateTask(task, io, onFile);
  const { written } = await writeFiles(task.out, generated.files);
  for (const path of written) io.out(`wrote ${path}`);
  if (written.length === 0) io.out('all is as it should be');
  await tellLeftOver(task, generated, io);
  return 0;
}

async function checkTask(task: Task, io: CommandIo): Promise<number> {
  const generated = await generateTask(task, io);
  const stale = await staleFiles(task.out, generated.files);
  const leftOver = await tellLeftOver(task, generated, io);
  for (const { path, text, found } of stale) io.out(diff(`${task.out}/${path}`, found, text));
  if (stale.length === 0) return leftOver === 0 ? 0 : 1;
  const are = stale.length === 1 ? 'a module is' : `${stale.length} modules are`;
  io.err(`${are} not as the .proto files are: run tributary gen without --check`);
  return 1;
}

/**
 * Names the modules of files that are gone, where a directory or a glob says what all the files are.
 * They are not ours to delete: someone may import them.
 *
 * @returns how many there are
 */
async function tellLeftOver(task: Task, { files }: Generated, io: CommandIo): Promise<number> {
  const searched = await Promise.all(task.files.map(searchedBy));
  if (searched.every((directory) => directory === undefined)) return 0;
  const leftOver = await leftOverFiles(task.out, files);
  for (const { path, protoName } of leftOver) {
    io.err(`${task.out}/${path}: ${protoName} is not among the files any more; delete this module`);
  }
  return leftOver.length;
}

async function generateTask(
  { files, includeDirs }: Task,
  io: CommandIo,
  onFile?: (path: string) => void,
): Promise<Generated> {
  const generated = await generate(files, { includeDirs, onFile });
  for (const problem of generated.leftOut) io.err(describeProblem(problem));
  return generated;
}
