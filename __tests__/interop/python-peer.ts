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
import { fromTexts, PythonClient, toTexts } from './python-client.js';
import { type Compression, type Line, PythonProcess } from './python-process.js';

/** grpcio, the C core of gRPC in Python, in a process of its own. */
export function pythonPeer(compression: Compression = 'none'): Peer {
  return {
    name: compression === 'none' ? 'grpcio' : `grpcio+${compression}`,
    sendsDeadlines: true,
    tellsDeadlines: true,
    dropsBeforeErrors: false,
    compressesReplies: compression !== 'none',
    serve: (answer) => serve(answer, compression),
    connect: (port) => new PythonPeerClient(port, compression),
  };
}

async function serve(answer: Answerer, compression: Compression): Promise<RunningServer> {
  const calls = new Map<number, IncomingCall>();
  const python = new PythonProcess('peer.py', ['serve', compression], (line) => {
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

class PythonPeerClient implements RunningClient {
  readonly #client: PythonClient;

  constructor(port: number, compression: Compression) {
    this.#client = new PythonClient(port, compression);
  }

  async call({ method, asks, onAnswer, ...rest }: Outgoing): Promise<Outcome> {
    const outcome = await this.#client.call({
      ...rest,
      path: METHODS[method].path,
      kind: method === 'absent' ? 'unary' : method,
      asks: encoded(streamsRequests(method) ? asks : [await firstOf(asks)]),
      onAnswer: (bytes) => onAnswer?.(responseDeserialize(bytes)),
    });
    return { ...outcome, answers: outcome.answers.map(responseDeserialize) };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

async function* encoded(asks: Outgoing['asks']): AsyncGenerator<Buffer> {
  for await (const ask of asks) yield requestSerialize(ask);
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
