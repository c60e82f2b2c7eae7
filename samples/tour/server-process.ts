import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const PROGRAM = new URL('../server.ts', import.meta.url);

/** The samples' server in a process of its own, on a free port. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];

  /**
   * @param transport - the name of the transport it listens with
   * @param onLine - told of what it prints once it listens
   */
  constructor(transport: string, onLine: (line: string) => void) {
    const args = ['127.0.0.1:0', '--transport', transport];
    // fork() passes on how this process was started, so that tsx loads the server too, and opens
    // a channel whose end tells the server that this process is gone.
    this.#child = fork(PROGRAM, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      if (this.#lines.push(line) > 1) onLine(line);
    });
  }

  /** Where it listens; rejects when it has not said so in time. */
  async address(limit: number): Promise<string> {
    const line = await this.said(/ listens on /, limit);
    if (line !== undefined) return line.replace(/.* listens on /, '');
    throw new Error(`the server did not start within ${limit / 1_000} s`);
  }

  /** The first line that fits the pattern, waiting up to `limit` milliseconds for it. */
  async said(pattern: RegExp, limit: number): Promise<string | undefined> {
    for (const end = Date.now() + limit; ; await pause(10)) {
      const line = this.#lines.find((candidate) => pattern.test(candidate));
      if (line !== undefined || Date.now() > end) return line;
    }
  }

  /** Rejects when the server ends or cannot be started at all. */
  async failure(): Promise<never> {
    const [code, signal] = await once(this.#child, 'close');
    throw new Error(`the server ended too early (${signal ?? `exit code ${code}`})`);
  }

  /** Ends it, by force if it does not go by itself. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
    clearTimeout(force);
  }
}
