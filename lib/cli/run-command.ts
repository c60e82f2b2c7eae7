import { createRequire } from 'node:module';
import { CodegenError } from '../codegen/codegen-error.js';
import type { Command, CommandIo } from './command.js';
import { genCommand } from './gen-command.js';
import { protoCommand } from './proto-command.js';
import { UsageError } from './usage-error.js';

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['gen', genCommand],
  ['proto', protoCommand],
]);

/**
 * Runs a command by its name.
 *
 * @param argv - the arguments of the process, the name first
 * @returns the exit code: 0, 1 when it failed, 2 when it was not called as it should be
 */
export async function runCommand(argv: readonly string[], io: CommandIo): Promise<number> {
  const [first, ...rest] = argv;
  // `help gen` is `gen --help`.
  const [name, ...args] = first === 'help' && rest.length > 0 ? [...rest, '--help'] : argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? io.err : io.out)(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    io.out(version());
    return 0;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) {
    io.err(`tributary has no command ${name}; there is ${[...COMMANDS.keys()].join(', ')}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    io.out(command.usage);
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    return explain(error, name, io);
  }
}

function explain(error: unknown, name: string, io: CommandIo): number {
  const { code = '', message, stack } = error as Partial<NodeJS.ErrnoException>;
  if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) {
    io.err(`${message}\nTry: tributary ${name} --help`);
    return 2;
  }
  // The system's own errors, such as EACCES, say all there is to say; others are our mistakes.
  const isExpected = error instanceof CodegenError || /^E[A-Z]+$/.test(code);
  io.err((isExpected ? message : stack) ?? String(error));
  return 1;
}

function version(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}

function overview(): string {
  const width = Math.max(...[...COMMANDS.keys()].map((name) => name.length));
  const lines = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: tributary <command> [options]

Commands:
${lines.join('\n')}

tributary <command> --help says more; tributary --version, which version this is.`;
}
