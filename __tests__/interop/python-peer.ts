import {
  type Answerer,
  firstOf,
  type Headers,
  type Incoming,
  type Note,
  type Outcome,
  type Outgoing,
  type Peer,
  Refusal,
  type RunningClient,
  type RunningServer,
  streamsRequests,
} from '../peers/peer.js';
import { METHODS } from '../peers/protobufjs-methods.js';
import { type Line, PythonProcess, type Texts } from './python-process.js';

type Compression = 'none' | 'gzip' | 'deflate';

/** grpcio, the C core of gRPC in Python, in a process of its own. */
export function pythonPeer(compression: Compression = 'none'): Peer {
  return {
    name: compression === 'none' ? 'grpcio' : `grpcio+${compression}`,
    sendsDeadlines: true,
    tellsDeadlines: true,
    dropsBeforeErrors: false,
    compressesReplies: compression !== 'none',
    serve: (answer) => serve(answer, compression),
    connect: (port) => new PythonClient(port, compression),
  };
}

async function serve(answer: Answerer, compression: Compression): Promise<RunningServer> {
  const calls = new Map<number, IncomingCall>();
  const python = new PythonProcess(['serve', compression], (line) => {
    if (line.method === undefined) calls.get(line.id)?.take(line);
    else {
      const call = new IncomingCall(line, (told) => python.tell({ id: line.id, ...told }));
      calls.set(line.id, call);
      void pump(answer, call);
    }
    if (line.over === true) calls.delete(line.id);
  });
  return { port: await python.port(), close: () => python.close() };
}

class IncomingCall implements Incoming {
  readonly asks: AsyncIterable<Note>;
  readonly headers: Headers;
  readonly signal: AbortSignal;
  readonly timeLeft: number | undefined;
  readonly tell: (line: Omit<Line, 'id'>) => void;
  readonly #controller = new AbortController();
  readonly #asks = new Arrivals<Note>();

  constructor({ headers, timeLeft }: Line, tell: (line: Omit<Line, 'id'>) => void) {
    this.asks = this.#asks;
    this.headers = fromTexts(headers ?? {});
    this.timeLeft = typeof timeLeft === 'number' ? timeLeft * 1_000 : undefined;
    this.signal = this.#controller.signal;
    this.tell = tell;
  }

  take({ ask, halfClose, over }: Line): void {
    if (ask !== undefined) this.#asks.push(decode(ask));
    if (halfClose === true || over === true) this.#asks.end();
    if (over === true) this.#controller.abort();
  }

  setHeaders(headers: Headers): void {
    this.tell({ headers: toTexts(headers) });
  }

  setTrailers(trailers: Headers): void {
    this.tell({ trailers: toTexts(trailers) });
  }
}

async function pump(answer: Answerer, call: IncomingCall): Promise<void> {
  let end = { code: 0, details: '' };
  try {
    for await (const note of answer(call)) call.tell({ answer: encode(note) });
  } catch (error) {
    // Any other error is the answerer's, and of a call that was cancelled.
    if (error instanceof Refusal) end = { code: error.code, details: error.details };
    else end = { code: 2, details: String(error) };
  }
  call.tell(end);
}

class PythonClient implements RunningClient {
  readonly #python: PythonProcess;
  readonly #onLine = new Map<number, (line: Line) => void>();
  #calls = 0;

  constructor(port: number, compression: Compression) {
    this.#python = new PythonProcess(['call', compression, String(port)], (line) =>
      this.#onLine.get(line.id)?.(line),
    );
  }

  async call({
    method,
    asks,
    headers = {},
    timeout,
    signal,
    onAnswer,
  }: Outgoing): Promise<Outcome> {
    this.#calls += 1;
    const id = this.#calls;
    const ended = this.#listen(id, onAnswer);
    const kind = method === 'absent' ? 'unary' : method;
    this.#python.tell({
      id,
      kind,
      method: METHODS[method].path.split('/').at(-1) as string,
      metadata: toTexts(headers),
      ...(timeout !== undefined && { timeout: timeout / 1_000 }),
    });
    const cancel = (): void => this.#python.tell({ id, cancel: true });
    signal?.addEventListener('abort', cancel);
    const sending = this.#send(id, streamsRequests(method) ? asks : [await firstOf(asks)]);
    const outcome = await ended;
    signal?.removeEventListener('abort', cancel);
    // A source may wait for the call's end before it ends itself.
    sending.catch(() => {});
    return outcome;
  }

  close(): Promise<void> {
    return this.#python.close();
  }

  #listen(id: number, onAnswer: ((note: Note) => void) | undefined): Promise<Outcome> {
    const answers: Note[] = [];
    let headers: Headers = {};
    return new Promise((resolve) => {
      this.#onLine.set(id, (line) => {
        if (line.answer !== undefined) {
          const note = decode(line.answer);
          answers.push(note);
          onAnswer?.(note);
        }
        if (line.headers !== undefined) headers = fromTexts(line.headers);
        if (line.code === undefined) return;
        this.#onLine.delete(id);
        const { code, details = '' } = line;
        resolve({ answers, code, details, headers, trailers: fromTexts(line.trailers ?? {}) });
      });
    });
  }

  async #send(id: number, asks: Outgoing['asks']): Promise<void> {
    for await (const ask of asks) this.#python.tell({ id, ask: encode(ask) });
    this.#python.tell({ id, done: true });
  }
}

/** What has come and was not taken yet. */
class Arrivals<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift() as T;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const { requestSerialize, responseDeserialize } = METHODS.unary;

function encode(note: Note): string {
  return requestSerialize(note).toString('base64');
}

function decode(text: string): Note {
  return responseDeserialize(Buffer.from(text, 'base64'));
}

function toTexts(headers: Headers): Texts {
  return Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : Buffer.from(value).toString('base64'),
    ]),
  );
}

function fromTexts(texts: Texts): Headers {
  return Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      key,
      key.endsWith('-bin') ? new Uint8Array(Buffer.from(value, 'base64')) : value,
    ]),
  );
}
