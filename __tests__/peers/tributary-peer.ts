import {
  type BidiStream,
  type CallContext,
  type CallOptions,
  type ClientStream,
  type Compression,
  type ConnectOptions,
  connect,
  EOF,
  grpc,
  http2,
  loadService,
  RpcError,
  Server,
  type ServerOptions,
  type ServerStream,
  type ServiceDescriptor,
  type Stub,
  type Unary,
} from 'tributary';
import { headersOf, metadataOf } from './grpc-metadata.js';
import { outcomeOf } from './outcome-of.js';
import {
  type Answerer,
  firstOf,
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
import { INTEROP_PROTO } from './protobufjs-methods.js';

type Methods = {
  unary: Unary<Note, Note>;
  serverStream: ServerStream<Note, Note>;
  clientStream: ClientStream<Note, Note>;
  bidiStream: BidiStream<Note, Note>;
  absent: Unary<Note, Note>;
};
type Served = Omit<Methods, 'absent'>;

/** What one is told besides; part of its name. */
interface PeerOptions {
  /** Of requests. */
  readonly compression?: Compression;
  /** Of replies. */
  readonly replyCompression?: Compression;
}

/** The library itself, driven as users drive it, over one of its transports. */
export async function tributaryPeer(
  transport: 'grpc' | 'http2' = 'grpc',
  { compression, replyCompression }: PeerOptions = {},
): Promise<Peer> {
  const interop = await loadService<Methods>(INTEROP_PROTO, 'interop.Interop');
  const made = { transport: transport === 'http2' ? http2() : grpc() };
  const names = ['tributary', transport, compression, replyCompression];
  return {
    name: names.filter((name) => name !== undefined).join('+'),
    sendsDeadlines: true,
    tellsDeadlines: true,
    dropsBeforeErrors: transport === 'grpc',
    compressesReplies: replyCompression !== undefined,
    serve: (answer) => serve(interop, answer, { ...made, compression: replyCompression }),
    connect: (port) => new TributaryClient(interop, port, { ...made, compression }),
  };
}

async function serve(
  interop: ServiceDescriptor<Methods>,
  answer: Answerer,
  options: ServerOptions,
): Promise<RunningServer> {
  const answers = (asks: Iterable<Note> | AsyncIterable<Note>, ctx: CallContext) =>
    answersOrRpcError(answer(incoming(asks, ctx)));
  const server = new Server(options);
  server.add(interop as ServiceDescriptor<Served>, {
    unary: (ask, ctx) => only(answers([ask], ctx)),
    serverStream: (ask, ctx) => answers([ask], ctx),
    clientStream: (stream, ctx) => only(answers(stream, ctx)),
    async bidiStream(stream, ctx) {
      for await (const reply of answers(stream, ctx)) await stream.write(reply);
    },
  });
  const { port } = await server.listen('127.0.0.1:0');
  return { port, close: () => server.close() };
}

function incoming(asks: Iterable<Note> | AsyncIterable<Note>, ctx: CallContext): Incoming {
  const { signal, metadata, deadline } = ctx;
  return {
    asks: (async function* () {
      yield* asks;
    })(),
    headers: headersOf(metadata),
    signal,
    timeLeft: deadline === undefined ? undefined : ctx.timeRemaining(),
    setHeaders: (headers) => ctx.sendHeaders(headers),
    setTrailers: (trailers) => ctx.trailers.merge(metadataOf(trailers)),
  };
}

async function* answersOrRpcError(answers: AsyncIterable<Note>): AsyncGenerator<Note> {
  try {
    yield* answers;
  } catch (error) {
    throw error instanceof Refusal ? new RpcError(error.code, error.details) : error;
  }
}

class TributaryClient implements RunningClient {
  readonly #client;
  readonly #stub: Stub<Methods>;

  constructor(interop: ServiceDescriptor<Methods>, port: number, options: ConnectOptions) {
    this.#client = connect(`127.0.0.1:${port}`, options);
    this.#stub = this.#client.stub(interop);
  }

  call(call: Outgoing): Promise<Outcome> {
    const { headers, timeout, signal, onAnswer } = call;
    return outcomeOf(
      (options) => this.#answers(call, options),
      { metadata: headers ?? {}, timeout, signal },
      onAnswer,
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async *#answers({ method, asks }: Outgoing, options: CallOptions): AsyncGenerator<Note> {
    if (method === 'unary' || method === 'absent') {
      yield await this.#stub[method](await firstOf(asks), options);
    } else if (method === 'serverStream') {
      yield* this.#stub.serverStream(await firstOf(asks), options);
    } else if (method === 'clientStream') {
      yield await this.#stub.clientStream(asks, options);
    } else {
      const stream = this.#stub.bidiStream(options);
      stream.writeAll(asks).then(
        () => stream.doneWriting(),
        () => {},
      );
      for (let answer = await stream.read(); answer !== EOF; answer = await stream.read()) {
        yield answer;
      }
    }
  }
}
