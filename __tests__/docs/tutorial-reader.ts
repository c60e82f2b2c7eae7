import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Shell } from './shell.js';
import type { CommandStep, Step } from './tutorial-steps.js';

/** The address on the page; the reader takes a free port instead. */
const ADDRESS = '127.0.0.1:50051';

/** `npm install`, without its downloads: puts packages into a project. */
export type Install = (project: string, packages: readonly string[]) => void;

/** Does what a page says, step by step, in an empty folder. */
export class TutorialReader {
  readonly #path: string;
  readonly #install: Install;
  readonly #running: Shell[] = [];
  #folder: string;
  /** Where the server of the page listens; port 0 until it has said which it has. */
  #address = '127.0.0.1:0';

  constructor(path: string, folder: string, install: Install) {
    this.#path = path;
    this.#folder = folder;
    this.#install = install;
  }

  /** @throws Error, naming the line, when a step does not do what the page says */
  async take(step: Step): Promise<void> {
    if (step.kind === 'file') {
      const file = join(this.#folder, step.path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, step.text);
    } else if (step.goesOn) await this.#start(step);
    else await this.#run(step);
  }

  /** Ends what goes on, as Ctrl+C does, and tells how many programs that were. */
  async stop(): Promise<number> {
    const running = this.#running.splice(0);
    await Promise.all(running.map((shell) => shell.interrupt()));
    return running.length;
  }

  async #run({ line, commands, output }: CommandStep): Promise<void> {
    let printed = '';
    for (const command of commands) {
      const [, folder] = /^cd (\S+)$/.exec(command) ?? [];
      const [, packages] = /^npm install (?:--save-dev )?(.+)$/.exec(command) ?? [];
      if (folder !== undefined) this.#folder = join(this.#folder, folder);
      else if (packages !== undefined) this.#install(this.#folder, packages.split(' '));
      else {
        const shell = this.#shell(command);
        const code = await shell.end();
        if (code !== 0 || shell.stderr !== '') {
          throw this.#wrong(line, `${command} ended with ${code}\n${shell.stdout}${shell.stderr}`);
        }
        printed += shell.stdout;
      }
    }
    if (output !== undefined) this.#compare(line, output, printed);
  }

  async #start({ line, commands, output = '' }: CommandStep): Promise<void> {
    const shell = this.#shell(commands.join('\n'));
    this.#running.push(shell);
    const printed = await shell.prints(output.split('\n').length);
    this.#address = /127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? this.#address;
    this.#compare(line, output, printed.replaceAll(this.#address, ADDRESS));
  }

  #shell(command: string): Shell {
    return new Shell(command, this.#folder, { ADDRESS: this.#address });
  }

  #compare(line: number, stated: string, printed: string): void {
    if (printed.trimEnd() === stated) return;
    throw this.#wrong(line, `it prints\n${stated}\nbut it printed\n${printed.trimEnd()}`);
  }

  #wrong(line: number, what: string): Error {
    return new Error(`${this.#path}:${line}: ${what}`);
  }
}
