import {
  type CallContext,
  type CallOptions,
  ClientError,
  createChannel,
  createClient,
  createServer,
  Metadata,
  ServerError,
} from 'nice-grpc';
import {
  type Answerer,
  firstOf,
  type Headers,
  type Incoming,
  type Note,
  type Outcome,
  type Outgoing,
  only,
  type Peer,
  Refusal,
  type RunningClient,
  type RunningServer,
} from './peer.js';
import { METHODS, SERVED } from './protobufjs-methods.js';

const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;

/** nice-grpc: async iterables over grpc-js. Its deadlines are abort signals on a timer. */
export const niceGrpcPeer: Peer = {
  name: 'nice-grpc',
  sendsDeadlines: false,
  tellsDeadlines: false,
  dropsBeforeErrors: true,
  compressesReplies: false,
  serve,
  connect: (port) => new NiceGrpcClient(port),
};

async function serve(answer: Answerer): Promise<RunningServer> {
  const server = createServer();
  const answers = (asks: Iterable<Note> | AsyncIterable<Note>, context: CallContext) =>
    answersOrServerError(answer(incoming(asks, context)));
  server.add(SERVED, {
    unary: (ask, context) => only(answers([ask], context)),
    serverStream: (ask, context) => answers([ask], context),
    clientStream: (asks, context) => only(answers(asks, context)),
    bidiStream: (asks, context) => answers(asks, context),
  });
  const port = await server.listen('127.0.0.1:0');
  return { port, close: () => server.shutdown() };
}

function incoming(
  asks: Iterable<Note> | AsyncIterable<Note>,
  { metadata, header, trailer, signal }: CallContext,
): Incoming {
  return {
    asks: (async function* () {
      yield* asks;
    })(),
    headers: headersOf(metadata),
    signal,
    timeLeft: undefined,
    setHeaders: (headers) => set(header, headers),
    setTrailers: (trailers) => set(trailer, trailers),
  };
}

async function* answersOrServerError(answers: AsyncIterable<Note>): AsyncGenerator<Note> {
  try {
    yield* answers;
  } catch (error) {
    throw error instanceof Refusal ? new ServerError(error.code, error.details) : error;
  }
}

class NiceGrpcClient implements RunningClient {
  readonly #channel;
  readonly #client;

  constructor(port: number) {
    this.#channel = createChannel(`127.0.0.1:${port}`);
    this.#client = createClient(METHODS, this.#channel);
  }

  async call(call: Outgoing): Promise<Outcome> {
    const answers: Note[] = [];
    let headers: Headers = {};
    let trailers: Headers = {};
    const clock = call.timeout === undefined ? undefined : AbortSignal.timeout(call.timeout);
    const signals = [call.signal, clock].filter((signal) => signal !== undefined);
    const options: CallOptions = {
      metadata: set(Metadata(), call.headers ?? {}),
      signal: AbortSignal.any(signals),
      onHeader(came) {
        headers = headersOf(came);
      },
      onTrailer(came) {
        trailers = headersOf(came);
      },
    };
    const end = { code: 0, details: '' };
    try {
      for await (const answer of this.#answers(call, options)) {
        answers.push(answer);
        call.onAnswer?.(answer);
      }
    } catch (error) {
      Object.assign(end, statusOf(error, call.signal));
    }
    return { answers, headers, trailers, ...end };
  }

  async close(): Promise<void> {
    this.#channel.close();
  }

  async *#answers({ method, asks }: Outgoing, options: CallOptions): AsyncGenerator<Note> {
    if (method === 'unary' || method === 'absent') {
      yield await this.#client[method](await firstOf(asks), options);
    } else if (method === 'serverStream') {
      yield* this.#client.serverStream(await firstOf(asks), options);
    } else if (method === 'clientStream') {
      yield await this.#client.clientStream(iterate(asks), options);
    } else {
      yield* this.#client.bidiStream(iterate(asks), options);
    }
  }
}

function statusOf(
  error: unknown,
  signal: AbortSignal | undefined,
): Pick<Outcome, 'code' | 'details'> {
  if (error instanceof ClientError) return { code: error.code, details: error.details };
  const { name } = error as Error;
  if (name !== 'AbortError' && name !== 'TimeoutError') throw error;
  return { code: signal?.aborted === true ? CANCELLED : DEADLINE_EXCEEDED, details: '' };
}

async function* iterate(asks: Iterable<Note> | AsyncIterable<Note>): AsyncGenerator<Note> {
  yield* asks;
}

function set(metadata: Metadata, headers: Headers): Metadata {
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return metadata;
}

function headersOf(metadata: Metadata): Headers {
  return Object.fromEntries(
    [...metadata].map(([key, [value = '']]) => [
      key,
      typeof value === 'string' ? value : new Uint8Array(value),
    ]),
  );
}
