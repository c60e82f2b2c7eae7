import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

/** How long the program may take, in milliseconds: starting it from its sources is slow. */
const LIMIT = 30_000;

/** What a run of the program came to. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `tributary` in a folder, to its end. */
export function tributary(cwd: string, ...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { cwd, timeout: LIMIT };
    const command = ['--import', TSX, MAIN, ...args];
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** A run of `tributary` that goes on. */
export class Running {
  readonly process: ChildProcess;
  #said = '';

  constructor(cwd: string, ...args: readonly string[]) {
    this.process = spawn(process.execPath, ['--import', TSX, MAIN, ...args], { cwd });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString();
        this.process.emit('said');
      });
    }
  }

  /** Waits until it has said something since this was last asked, and gives all until then. */
  async says(words: string): Promise<string> {
    const limit = Date.now() + LIMIT;
    while (!this.#said.includes(words)) {
      if (Date.now() > limit) throw new Error(`it did not say ${words}, but: ${this.#said}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limit - Date.now());
        this.process.once('said', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    const end = this.#said.indexOf(words) + words.length;
    const said = this.#said.slice(0, end);
    this.#said = this.#said.slice(end);
    return said;
  }

  /** Ends it as Ctrl+C does, and gives its exit code. */
  end(): Promise<number | null> {
    return new Promise((resolve) => {
      this.process.once('exit', (code) => resolve(code));
      this.process.kill('SIGINT');
    });
  }
}
