import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import {
  type CallOptions,
  ConnectError,
  type ConnectRouter,
  createClient,
  decodeBinaryHeader,
  encodeBinaryHeader,
  type HandlerContext,
  type ServiceImpl,
} from '@connectrpc/connect';
import {
  compressionGzip,
  connectNodeAdapter,
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { Interop } from './connect-service.js';
import {
  type Answerer,
  firstOf,
  type Incoming,
  type Note,
  type Outcome,
  type Outgoing,
  only,
  type Peer,
  type Headers as PlainHeaders,
  Refusal,
  type RunningClient,
  type RunningServer,
} from './peer.js';

/** connect-es with the gRPC protocol, its own HTTP/2 code over node:http2 without TLS. */
export const connectPeer: Peer = {
  name: 'connect-node',
  sendsDeadlines: true,
  tellsDeadlines: true,
  dropsBeforeErrors: false,
  compressesReplies: false,
  serve,
  connect: (port) => new ConnectClient(port),
};

type Notes = AsyncIterable<Note>;

/** What `createClient` gives for this service; descriptors made at run time have no types. */
interface InteropClient {
  unary(ask: Note, options: CallOptions): Promise<Note>;
  absent(ask: Note, options: CallOptions): Promise<Note>;
  serverStream(ask: Note, options: CallOptions): Notes;
  clientStream(asks: Notes, options: CallOptions): Promise<Note>;
  bidiStream(asks: Notes, options: CallOptions): Notes;
}

async function serve(answer: Answerer): Promise<RunningServer> {
  const answers = (asks: Iterable<Note> | Notes, context: HandlerContext) =>
    answersOrConnectError(answer(incoming(asks, context)));
  const implementation = {
    unary: (ask: Note, context: HandlerContext) => only(answers([ask], context)),
    serverStream: (ask: Note, context: HandlerContext) => answers([ask], context),
    clientStream: (asks: Notes, context: HandlerContext) => only(answers(asks, context)),
    bidiStream: (asks: Notes, context: HandlerContext) => answers(asks, context),
  } as unknown as Partial<ServiceImpl<typeof Interop>>;
  const routes = (router: ConnectRouter): unknown => router.service(Interop, implementation);
  const server = createServer(connectNodeAdapter({ routes }));
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const session of sessions) session.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function incoming(asks: Iterable<Note> | Notes, context: HandlerContext): Incoming {
  return {
    asks: (async function* () {
      for await (const ask of asks) yield plain(ask);
    })(),
    headers: headersOf(context.requestHeader),
    signal: context.signal,
    timeLeft: context.timeoutMs(),
    setHeaders: (headers) => set(context.responseHeader, headers),
    setTrailers: (trailers) => set(context.responseTrailer, trailers),
  };
}

async function* answersOrConnectError(answers: Notes): AsyncGenerator<Note> {
  try {
    yield* answers;
  } catch (error) {
    throw error instanceof Refusal ? new ConnectError(error.details, error.code) : error;
  }
}

class ConnectClient implements RunningClient {
  readonly #sessions: Http2SessionManager;
  readonly #client: InteropClient;

  constructor(port: number) {
    const baseUrl = `http://127.0.0.1:${port}`;
    this.#sessions = new Http2SessionManager(baseUrl);
    const transport = createGrpcTransport({
      baseUrl,
      sessionManager: this.#sessions,
      // From 1 KiB on; its server compresses replies of that size of its own accord.
      sendCompression: compressionGzip,
    });
    this.#client = createClient(Interop, transport) as unknown as InteropClient;
  }

  async call(call: Outgoing): Promise<Outcome> {
    const answers: Note[] = [];
    let headers: PlainHeaders = {};
    let trailers: PlainHeaders = {};
    const options: CallOptions = {
      headers: set(new Headers(), call.headers ?? {}),
      ...(call.timeout !== undefined && { timeoutMs: call.timeout }),
      ...(call.signal !== undefined && { signal: call.signal }),
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
        answers.push(plain(answer));
        call.onAnswer?.(answer);
      }
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      Object.assign(end, { code: error.code, details: error.rawMessage });
      trailers = { ...headersOf(error.metadata), ...trailers };
    }
    return { answers, headers, trailers, ...end };
  }

  async close(): Promise<void> {
    this.#sessions.abort();
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

async function* iterate(asks: Iterable<Note> | Notes): AsyncGenerator<Note> {
  yield* asks;
}

/** Without connect's `$typeName`. */
function plain({ text, number, big, blob, words }: Note): Note {
  return { text, number, big, blob, words };
}

function set(to: Headers, headers: PlainHeaders): Headers {
  for (const [key, value] of Object.entries(headers)) {
    to.set(key, typeof value === 'string' ? value : encodeBinaryHeader(value));
  }
  return to;
}

function headersOf(headers: Headers): PlainHeaders {
  return Object.fromEntries(
    [...headers].map(([key, value]) => [
      key,
      key.endsWith('-bin') ? decodeBinaryHeader(value) : value,
    ]),
  );
}
