import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Sample } from './sample.js';
import type { TransportName } from './transports.js';

const SCRIPT = fileURLToPath(new URL('server-process.ts', import.meta.url));

/** The soak's server, in its process. */
export class SoakServer implements AsyncDisposable {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  static async start(transport: TransportName): Promise<SoakServer> {
    const child = fork(SCRIPT, [transport], { execArgv: ['--import', 'tsx'] });
    const { address } = await next<{ address: string }>(child);
    return new SoakServer(child, address);
  }

  /** What its process holds; one at a time. */
  async sample(): Promise<Sample> {
    this.#child.send('sample');
    return (await next<{ sample: Sample }>(this.#child)).sample;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}

/** The next message; rejects if the process ends first. */
function next<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => {
      child.off('message', heard);
      reject(new Error(`the server's process ended (${code ?? child.signalCode})`));
    };
    const heard = (message: unknown): void => {
      child.off('exit', ended);
      resolve(message as T);
    };
    child.once('message', heard);
    child.once('exit', ended);
  });
}
