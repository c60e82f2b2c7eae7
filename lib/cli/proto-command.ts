import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wordsOf } from '../base/words-of.js';
import { codeFirstOf } from '../code-first/code-first.js';
import type { CodeGroup } from '../code-first/code-group.js';
import { type PrintedGroups, printGroups } from '../code-first/print-groups.js';
import { replaceFiles } from '../codegen/write-files.js';
import type { Command, CommandIo } from './command.js';
import { diff } from './diff.js';
import { loadModule } from './load-module.js';
import { UsageError } from './usage-error.js';

const usage = `Usage: tributary proto [options] <module>...

Prints the .proto files of services that are declared in code with defineService().

  <module>          a module that exports such services; TypeScript needs tsx

Options:
  --out <dir>       where the files go: one for each package, such as app/v1/questions.proto
  --check           write nothing: exit with 1, and show a diff, if a file is not as it should be
  --dry-run         write nothing: show the files as they would be
  --allow-breaking  print what programs of before cannot read, too
  --help            this text

Fields keep the numbers that they have in the files of <dir>. A field that is gone leaves its number and
its name reserved. Nothing is written when a field is renamed or gets another type, when a number is used
again, or when a method or a message is gone; nor when anything else is wrong.

Examples:
  tributary proto --out proto src/service.ts
  tributary proto --out proto --check src/service.ts`;

interface Task {
  readonly modules: readonly string[];
  readonly out: string;
  readonly allowBreaking: boolean;
}

/** `tributary proto`: `.proto` files from code. */
export const protoCommand: Command = {
  summary: 'print the .proto files of services declared in code',
  usage,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        check: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        'allow-breaking': { type: 'boolean' },
      },
    });
    const { out, check = false, 'dry-run': dryRun = false } = values;
    if (positionals.length === 0) throw new UsageError('no module is given');
    if (out === undefined || out === '') {
      throw new UsageError('--out is missing: the directory for the .proto files');
    }
    if (check && dryRun) throw new UsageError('--check and --dry-run do not go together');
    const allowBreaking = values['allow-breaking'] ?? false;
    const printed = await print({ modules: positionals, out, allowBreaking }, io);
    if (printed === undefined) return 1;
    if (dryRun) return show(printed, out, io);
    return check ? compare(printed, out, io) : await write(printed, out, io);
  },
};

/** What is to be written; `undefined` when that must not be, which has been said then. */
async function print(task: Task, io: CommandIo): Promise<PrintedGroups | undefined> {
  const { modules, out, allowBreaking } = task;
  let printed: PrintedGroups;
  try {
    printed = printGroups(await groupsOf(modules), out);
  } catch (error) {
    io.err(wordsOf(error));
    return undefined;
  }
  const { problems, breaking } = printed;
  for (const problem of problems) io.err(problem);
  for (const each of breaking) io.err(allowBreaking ? `allowed: ${each}` : each);
  if (problems.length === 0 && (breaking.length === 0 || allowBreaking)) return printed;
  const isBreaking = problems.length === 0;
  io.err(`nothing was written${isBreaking ? '; --allow-breaking prints it nonetheless' : ''}`);
  return undefined;
}

async function groupsOf(modules: readonly string[]): Promise<CodeGroup[]> {
  const services = [];
  // One after the other: the order of declaration is that of the arguments.
  for (const module of modules) {
    const found = Object.values(await loadModule(module)).flatMap(
      (each) => codeFirstOf(each) ?? [],
    );
    if (found.length === 0) {
      throw new Error(`${module}: exports no service that defineService() has made; export one`);
    }
    services.push(...found);
  }
  return [...new Set(services.map((service) => service.group()))];
}

function show({ files }: PrintedGroups, out: string, io: CommandIo): number {
  for (const [path, text] of files) io.out(`==> ${join(out, path)}\n${text}`);
  return 0;
}

function compare({ files, found, leftBehind }: PrintedGroups, out: string, io: CommandIo): number {
  const stale = [...files].filter(([path, text]) => found.get(path) !== text);
  for (const [path, text] of stale) io.out(diff(join(out, path), found.get(path), text));
  sayLeftBehind(leftBehind, out, io);
  if (stale.length === 0 && leftBehind.length === 0) return 0;
  io.err('the .proto files are not as the code is: run tributary proto without --check');
  return 1;
}

async function write(printed: PrintedGroups, out: string, io: CommandIo): Promise<number> {
  const { files, found, leftBehind } = printed;
  const stale = [...files].filter(([path, text]) => found.get(path) !== text);
  const written = await replaceFiles(
    out,
    stale.map(([path, text]) => ({ path, text })),
  );
  for (const path of written) io.out(`wrote ${path}`);
  if (stale.length === 0) io.out('all is as it should be');
  sayLeftBehind(leftBehind, out, io);
  return 0;
}

function sayLeftBehind(paths: readonly string[], out: string, io: CommandIo): void {
  for (const path of paths) {
    io.err(`${join(out, path)}: what it declares is in other files now; remove it`);
  }
}
