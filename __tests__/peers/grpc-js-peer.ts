import { once } from 'node:events';
import type { Readable } from 'node:stream';
import {
  Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  credentials,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type StatusObject,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { headersOf, metadataOf } from './grpc-metadata.js';
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
  streamsRequests,
} from './peer.js';
import { METHODS, SERVED } from './protobufjs-methods.js';

/** grpc-js through its own API: event emitters, callbacks and 'drain'. */
export const grpcJsPeer: Peer = {
  name: 'grpc-js',
  sendsDeadlines: true,
  tellsDeadlines: true,
  dropsBeforeErrors: true,
  compressesReplies: false,
  serve,
  connect: (port) => new GrpcJsClient(port),
};

type AnyServerCall =
  | ServerUnaryCall<Note, Note>
  | ServerReadableStream<Note, Note>
  | ServerWritableStream<Note, Note>
  | ServerDuplexStream<Note, Note>;

async function serve(answer: Answerer): Promise<RunningServer> {
  const unary: handleUnaryCall<Note, Note> = (call, reply) => {
    const incoming = new IncomingCall(call, list(call.request));
    only(answer(incoming)).then(
      (note) => reply(null, note, incoming.trailers),
      (error: unknown) => reply(incoming.toStatus(error)),
    );
  };
  const clientStream: handleClientStreamingCall<Note, Note> = (call, reply) => {
    const incoming = new IncomingCall(call, call);
    only(answer(incoming)).then(
      (note) => reply(null, note, incoming.trailers),
      (error: unknown) => reply(incoming.toStatus(error)),
    );
  };
  const serverStream: handleServerStreamingCall<Note, Note> = (call) =>
    void pump(answer, call, new IncomingCall(call, list(call.request)));
  const bidiStream: handleBidiStreamingCall<Note, Note> = (call) =>
    void pump(
      answer,
      call,
      new IncomingCall(call, (call as Readable).iterator({ destroyOnReturn: false })),
    );

  const server = new Server();
  const handlers = { unary, clientStream, serverStream, bidiStream };
  server.addService(SERVED, handlers as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.tryShutdown((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}

class IncomingCall implements Incoming {
  readonly asks: AsyncIterable<Note>;
  readonly signal: AbortSignal;
  readonly headers: Headers;
  readonly timeLeft: number | undefined;
  readonly #call: AnyServerCall;
  trailers: Metadata = metadataOf();

  constructor(call: AnyServerCall, asks: AsyncIterable<Note>) {
    const controller = new AbortController();
    (call as NodeJS.EventEmitter).once('cancelled', () => controller.abort());
    const deadline = Number(call.getDeadline());
    this.#call = call;
    this.asks = asks;
    this.signal = controller.signal;
    this.headers = headersOf(call.metadata);
    this.timeLeft = deadline === Infinity ? undefined : deadline - Date.now();
  }

  setHeaders(headers: Headers): void {
    this.#call.sendMetadata(metadataOf(headers));
  }

  setTrailers(trailers: Headers): void {
    this.trailers = metadataOf(trailers);
  }

  toStatus(error: unknown): Partial<StatusObject> {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, details: error.details, metadata: this.trailers };
  }
}

async function pump(
  answer: Answerer,
  call: ServerWritableStream<Note, Note> | ServerDuplexStream<Note, Note>,
  incoming: IncomingCall,
): Promise<void> {
  try {
    for await (const note of answer(incoming)) {
      if (!call.write(note) && !incoming.signal.aborted) await once(call, 'drain');
    }
    call.end(incoming.trailers);
  } catch (error) {
    call.emit('error', incoming.toStatus(error));
  }
}

class GrpcJsClient implements RunningClient {
  readonly #client: Client;

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  async call(outgoing: Outgoing): Promise<Outcome> {
    const { asks, method, onAnswer, signal } = outgoing;
    const answers: Note[] = [];
    let headers: Headers = {};
    const take = (answer: Note): void => {
      answers.push(answer);
      onAnswer?.(answer);
    };
    const { call, done } = streamsRequests(method)
      ? this.#streamRequests(outgoing, take)
      : this.#sendOne(outgoing, await firstOf(asks), take);
    const cancel = (): void => call.cancel();
    signal?.addEventListener('abort', cancel);
    call.on('metadata', (came: Metadata) => {
      headers = headersOf(came);
    });
    const status = await new Promise<StatusObject>((resolve) => call.once('status', resolve));
    await done;
    signal?.removeEventListener('abort', cancel);
    const { code, details, metadata } = status;
    return { answers, code, details, headers, trailers: headersOf(metadata) };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  #sendOne(outgoing: Outgoing, ask: Note, take: (answer: Note) => void): Started {
    const { path, requestSerialize, responseDeserialize } = METHODS[outgoing.method];
    const given = [path, requestSerialize, responseDeserialize, ask] as const;
    const { metadata, options } = said(outgoing);
    if (outgoing.method === 'serverStream') {
      return reading(this.#client.makeServerStreamRequest(...given, metadata, options), take);
    }
    return replying(
      (reply) => this.#client.makeUnaryRequest(...given, metadata, options, reply),
      take,
    );
  }

  #streamRequests(outgoing: Outgoing, take: (answer: Note) => void): Started {
    const { path, requestSerialize, responseDeserialize } = METHODS[outgoing.method];
    const given = [path, requestSerialize, responseDeserialize] as const;
    const { metadata, options } = said(outgoing);
    const write = <Call extends ClientWritableStream<Note>>(call: Call): Call => {
      writeAll(call, outgoing.asks).catch((error: unknown) => call.destroy(error as Error));
      return call;
    };
    if (outgoing.method === 'clientStream') {
      return replying(
        (reply) => write(this.#client.makeClientStreamRequest(...given, metadata, options, reply)),
        take,
      );
    }
    const call = this.#client.makeBidiStreamRequest(...given, metadata, options);
    write(call);
    return reading(call, take);
  }
}

/** A call, and when the last of its answers has been taken. */
interface Started {
  readonly call: NodeJS.EventEmitter & { cancel(): void };
  readonly done: Promise<unknown>;
}

function said({ headers, timeout }: Outgoing): {
  metadata: Metadata;
  options: { deadline?: number };
} {
  const metadata = metadataOf(headers);
  return { metadata, options: timeout === undefined ? {} : { deadline: Date.now() + timeout } };
}

function reading(call: ClientReadableStream<Note>, take: (answer: Note) => void): Started {
  call.on('data', take);
  // The 'status' that follows says the same.
  call.on('error', () => {});
  return { call, done: new Promise((resolve) => call.once('end', resolve)) };
}

function replying<Call extends ClientUnaryCall>(
  start: (reply: (error: ServiceError | null, answer?: Note) => void) => Call,
  take: (answer: Note) => void,
): Started {
  let call!: Call;
  const done = new Promise<void>((resolve) => {
    call = start((_, answer) => {
      if (answer !== undefined) take(answer);
      resolve();
    });
  });
  return { call, done };
}

async function writeAll(
  call: ClientWritableStream<Note>,
  asks: Iterable<Note> | AsyncIterable<Note>,
): Promise<void> {
  const over = new Promise((resolve) => call.once('status', resolve));
  for await (const ask of asks) {
    if (!call.write(ask)) await Promise.race([over, once(call, 'drain')]);
  }
  call.end();
}

async function* list(note: Note): AsyncGenerator<Note> {
  yield note;
}
