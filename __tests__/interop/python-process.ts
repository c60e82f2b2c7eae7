import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PYTHON } from './python.js';

/** What `peer.py` says, and is told, of the call with this number. */
export interface Line {
  readonly id: number;
  readonly port?: number;
  readonly method?: string;
  readonly path?: string;
  readonly kind?: string;
  readonly compression?: Compression;
  readonly timeLeft?: number | null;
  readonly timeout?: number;
  readonly metadata?: Texts;
  readonly headers?: Texts;
  readonly trailers?: Texts;
  readonly ask?: string;
  readonly answer?: string;
  readonly halfClose?: true;
  readonly done?: true;
  readonly cancel?: true;
  readonly over?: true;
  readonly code?: number;
  readonly details?: string;
  readonly broken?: string;
}

/** How grpcio is told to compress. */
export type Compression = 'none' | 'gzip' | 'deflate';

/** Metadata whose bytes are base64. */
export interface Texts {
  readonly [key: string]: string;
}

/** One of the programs here as a process; each line it prints goes to `onLine`, but for the first. */
export class PythonProcess {
  readonly #program: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #first: Promise<Line>;
  readonly #exit: Promise<unknown>;
  #stderr = '';

  constructor(
    program: 'peer.py' | 'test_service.py',
    args: readonly string[],
    onLine: (line: Line) => void,
  ) {
    this.#program = program;
    const path = fileURLToPath(new URL(program, import.meta.url));
    const env = { ...process.env, GRPC_VERBOSITY: 'NONE' };
    this.#child = spawn(PYTHON, [path, ...args], { env });
    this.#child.stdin.on('error', () => {}); // it has ended, which `close` tells
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#exit = once(this.#child, 'close');
    const lines = createInterface({ input: this.#child.stdout });
    this.#first = new Promise((resolve, reject) => {
      lines.once('line', (text) => {
        resolve(JSON.parse(text) as Line);
        lines.on('line', (each) => onLine(JSON.parse(each) as Line));
      });
      lines.once('close', () => reject(new Error(`${program} did not start: ${this.#stderr}`)));
    });
    this.#first.catch(() => {});
  }

  /** The port, once it is ready. */
  async port(): Promise<number> {
    return (await this.#first).port as number;
  }

  tell(line: Line): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** Ends it; throws if it has complained. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await this.#exit;
    clearTimeout(force);
    if (this.#stderr !== '') throw new Error(`${this.#program}: ${this.#stderr}`);
  }
}
