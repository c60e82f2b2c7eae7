import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Questions } from './worker.js';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

const SCRIPT = fileURLToPath(new URL('worker.ts', import.meta.url));
// Without the `paths` of the root tsconfig 'tributary' is the package itself, so what ships.
const TSCONFIG = fileURLToPath(new URL('../.config/tsconfig.build.json', import.meta.url));

/** The parent's handle on a worker. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #label: string;
  #lastId = 0;

  /** @param nodeOptions - such as `--cpu-prof` */
  constructor(label: string, nodeOptions: readonly string[]) {
    this.#label = label;
    this.#child = fork(SCRIPT, {
      execArgv: [...nodeOptions, '--import', 'tsx'],
      env: { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG },
    });
    this.#child.on('message', (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    this.#child.once('exit', (code, signal) => {
      const error = `exited (${signal ?? code})`;
      for (const [id, settle] of this.#waiting) settle({ id, error });
    });
  }

  /** Asks a question; rejects when the worker fails, dies or takes longer than `limit` ms. */
  async ask<Name extends keyof Questions>(
    name: Name,
    args: Parameters<Questions[Name]>,
    limit = 30_000,
  ): Promise<Awaited<ReturnType<Questions[Name]>>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = await new Promise<Answer>((resolve) => {
      const timer = setTimeout(resolve, limit, { id, error: `no answer within ${limit} ms` });
      this.#waiting.set(id, (came) => {
        clearTimeout(timer);
        resolve(came);
      });
      this.#child.send({ id, name, args });
    });
    this.#waiting.delete(id);
    if (answer.error !== undefined) {
      throw new Error(`${this.#label}: ${name}(${args.join(', ')}): ${answer.error}`);
    }
    return answer.result as Awaited<ReturnType<Questions[Name]>>;
  }

  /** Lets the worker end; resolves when it has. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
      this.#child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      if (this.#child.connected) this.#child.disconnect();
    });
  }
}
