import type { Headers } from '../peers/peer.js';
import { type Compression, type Line, PythonProcess, type Texts } from './python-process.js';

/** A call that Python is to make; its messages are bytes. */
export interface PythonCall {
  readonly path: string;
  readonly kind: 'unary' | 'serverStream' | 'clientStream' | 'bidiStream';
  /** A single one where the method has a single request. */
  readonly asks: AsyncIterable<Buffer>;
  readonly headers?: Headers;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** As the channel's unless given. */
  readonly compression?: Compression;
  readonly onAnswer: (answer: Buffer) => void;
}

/** What became of it. */
export interface PythonOutcome {
  readonly answers: Buffer[];
  readonly code: number;
  readonly details: string;
  readonly headers: Headers;
  readonly trailers: Headers;
}

/** A channel of grpcio, in a process of its own. */
export class PythonClient {
  readonly #python: PythonProcess;
  readonly #onLine = new Map<number, (line: Line) => void>();
  #calls = 0;

  constructor(port: number, compression: Compression) {
    this.#python = new PythonProcess('peer.py', ['call', compression, String(port)], (line) =>
      this.#onLine.get(line.id)?.(line),
    );
  }

  async call(call: PythonCall): Promise<PythonOutcome> {
    const { path, kind, headers = {}, timeout, compression, signal } = call;
    this.#calls += 1;
    const id = this.#calls;
    const ended = this.#listen(id, call.onAnswer);
    this.#python.tell({
      id,
      path,
      kind,
      metadata: toTexts(headers),
      ...(timeout !== undefined && { timeout: timeout / 1_000 }),
      ...(compression !== undefined && { compression }),
    });
    const cancel = (): void => this.#python.tell({ id, cancel: true });
    signal?.addEventListener('abort', cancel);
    const sending = this.#send(id, call.asks);
    const outcome = await ended;
    signal?.removeEventListener('abort', cancel);
    // A source may wait for the call's end before it ends itself.
    sending.catch(() => {});
    return outcome;
  }

  close(): Promise<void> {
    return this.#python.close();
  }

  #listen(id: number, onAnswer: (answer: Buffer) => void): Promise<PythonOutcome> {
    const answers: Buffer[] = [];
    let headers: Headers = {};
    return new Promise((resolve) => {
      this.#onLine.set(id, (line) => {
        if (line.answer !== undefined) {
          const answer = Buffer.from(line.answer, 'base64');
          answers.push(answer);
          onAnswer(answer);
        }
        if (line.headers !== undefined) headers = fromTexts(line.headers);
        if (line.code === undefined) return;
        this.#onLine.delete(id);
        const { code, details = '' } = line;
        resolve({ answers, code, details, headers, trailers: fromTexts(line.trailers ?? {}) });
      });
    });
  }

  async #send(id: number, asks: AsyncIterable<Buffer>): Promise<void> {
    for await (const ask of asks) this.#python.tell({ id, ask: ask.toString('base64') });
    this.#python.tell({ id, done: true });
  }
}

export function toTexts(headers: Headers): Texts {
  return Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : Buffer.from(value).toString('base64'),
    ]),
  );
}

export function fromTexts(texts: Texts): Headers {
  return Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      key,
      key.endsWith('-bin') ? new Uint8Array(Buffer.from(value, 'base64')) : value,
    ]),
  );
}
