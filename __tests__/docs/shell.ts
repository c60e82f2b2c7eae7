import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How long a command may take, in milliseconds; npx, tsx and tsc are slow on a busy machine. */
const LIMIT = 60_000;

/** Nothing is downloaded, and npm speaks up only when something is wrong. */
const NPM = { npm_config_offline: 'true', npm_config_loglevel: 'error' };

/** A command in a process group of its own, as a terminal starts it. */
export class Shell {
  stdout = '';
  stderr = '';
  readonly #command: string;
  readonly #process: ChildProcess;
  readonly #closed: Promise<number | null>;
  #hasEnded = false;

  constructor(command: string, cwd: string, variables: { readonly [name: string]: string }) {
    // The variables of the npm that runs the tests would tell another npm that it is in this checkout.
    const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
    const env = { ...Object.fromEntries(own), ...NPM, ...variables };
    this.#command = command;
    this.#process = spawn('sh', ['-c', command], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#process.emit('printed');
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#closed = once(this.#process, 'close').then(([code]) => {
      this.#hasEnded = true;
      this.#process.emit('printed');
      return code as number | null;
    });
  }

  /**
   * Waits until it and all that it started have ended, and gives its exit code: `null` when a signal
   * ended it. What does not end is killed, and an error says so.
   */
  async end(): Promise<number | null> {
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      this.#signal('SIGKILL');
    }, LIMIT);
    const code = await this.#closed;
    clearTimeout(limit);
    if (isLate) throw new Error(`${this.#command} did not end within ${LIMIT} ms`);
    return code;
  }

  /** Waits until it has printed so many lines, or has ended, and gives all that it has printed. */
  async prints(lines: number): Promise<string> {
    const signal = AbortSignal.timeout(LIMIT);
    while (this.stdout.split('\n').length <= lines && !this.#hasEnded) {
      await once(this.#process, 'printed', { signal }).catch((cause: unknown) => {
        const said = `${this.stdout}${this.stderr}`;
        throw new Error(`${this.#command} printed only\n${said}`, { cause });
      });
    }
    return this.stdout + this.stderr;
  }

  /** Ends it as Ctrl+C does: the signal goes to the whole group. */
  async interrupt(): Promise<void> {
    this.#signal('SIGINT');
    await this.end();
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid !== undefined && !this.#hasEnded) process.kill(-pid, signal);
  }
}
