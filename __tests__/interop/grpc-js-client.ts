import { once } from 'node:events';
import {
  Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  compressionAlgorithms,
  credentials,
  InterceptingCall,
  type Interceptor,
  type Metadata,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import { headersOf, metadataOf } from '../peers/grpc-metadata.js';
import { firstOf, type Headers } from '../peers/peer.js';
import { PLAIN_METHODS } from './protobufjs-codecs.js';
import type { Answer, RunningTestClient, TestCall, TestClient, TestOutcome } from './test-peer.js';

/** grpc-js's client through its own API. */
export const grpcJsClient: TestClient = {
  name: 'grpc-js',
  requests: { by: 'message' },
  connect: (port) => new GrpcJsTestClient(port),
};

/** `WriteFlags.NoCompress` of gRPC, which grpc-js does not export. */
const NO_COMPRESS = 2;

/** Flags go into `write()` as its encoding, which Node.js refuses: they are put in further down. */
class FlaggedCall extends InterceptingCall {
  readonly #compressed: (index: number) => boolean;
  #sent = 0;

  constructor(next: ConstructorParameters<typeof InterceptingCall>[0], wanted: TestCall) {
    super(next);
    this.#compressed = wanted.compressed ?? (() => false);
  }

  override sendMessageWithContext(
    context: Parameters<InterceptingCall['sendMessageWithContext']>[0],
    message: Parameters<InterceptingCall['sendMessageWithContext']>[1],
  ): void {
    const flags = this.#compressed(this.#sent) ? 0 : NO_COMPRESS;
    this.#sent += 1;
    super.sendMessageWithContext(Object.assign(context, { flags }), message);
  }
}

/** A call, and when its reply, or the last of them, has been taken. */
interface Started {
  readonly call: NodeJS.EventEmitter & { cancel(): void };
  readonly done: Promise<unknown>;
}

class GrpcJsTestClient implements RunningTestClient {
  readonly #plain: Client;
  /** Compression is the channel's; a message may still go as it is. */
  readonly #gzip: Client;

  constructor(port: number) {
    const make = (options: object) =>
      new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
        ...options,
      });
    this.#plain = make({});
    this.#gzip = make({ 'grpc.default_compression_algorithm': compressionAlgorithms.gzip });
  }

  async call(wanted: TestCall): Promise<TestOutcome> {
    const answers: Answer[] = [];
    let headers: Headers = {};
    const take = (answer: Answer): void => {
      answers.push(answer);
      wanted.onAnswer?.(answer);
    };
    const { call, done } = await this.#start(wanted, take);
    const cancel = (): void => call.cancel();
    wanted.signal?.addEventListener('abort', cancel);
    call.on('metadata', (came: Metadata) => {
      headers = headersOf(came);
    });
    // `once` of node:events would reject for the 'error' that says the same.
    const status = await new Promise<StatusObject>((resolve) => call.once('status', resolve));
    await done;
    wanted.signal?.removeEventListener('abort', cancel);
    const { code, details, metadata } = status;
    return { answers, code, details, headers, trailers: headersOf(metadata) };
  }

  async close(): Promise<void> {
    this.#plain.close();
    this.#gzip.close();
  }

  async #start(wanted: TestCall, take: (answer: Answer) => void): Promise<Started> {
    const client = wanted.compressed === undefined ? this.#plain : this.#gzip;
    const method = PLAIN_METHODS[wanted.method];
    const given = [method.path, method.requestSerialize, method.responseDeserialize] as const;
    const { timeout, metadata } = wanted;
    const flag: Interceptor = (options, next) => new FlaggedCall(next(options), wanted);
    const options = {
      ...(timeout !== undefined && { deadline: Date.now() + timeout }),
      ...(wanted.compressed !== undefined && { interceptors: [flag] }),
    };
    const rest = [metadataOf(metadata), options] as const;
    if (!method.requestStream) {
      const ask = await firstOf(wanted.asks);
      return method.responseStream
        ? reading(client.makeServerStreamRequest(...given, ask, ...rest), take)
        : replying((reply) => client.makeUnaryRequest(...given, ask, ...rest, reply), take);
    }
    if (!method.responseStream) {
      const start = (reply: Reply): ClientWritableStream<object> =>
        client.makeClientStreamRequest(...given, ...rest, reply);
      return replying((reply) => writing(start(reply), wanted), take);
    }
    return reading(writing(client.makeBidiStreamRequest(...given, ...rest), wanted), take);
  }
}

type Reply = (error: ServiceError | null, answer?: object) => void;

function replying<Call extends ClientUnaryCall>(
  start: (reply: Reply) => Call,
  take: (answer: Answer) => void,
): Started {
  let call!: Call;
  const done = new Promise<void>((resolve) => {
    call = start((_error, answer) => {
      if (answer !== undefined) take(answer);
      resolve();
    });
  });
  return { call, done };
}

function reading(call: ClientReadableStream<object>, take: (answer: Answer) => void): Started {
  call.on('data', take);
  // The 'status' that follows says the same.
  call.on('error', () => {});
  return { call, done: new Promise((resolve) => call.once('end', resolve)) };
}

function writing<Call extends ClientWritableStream<object>>(call: Call, wanted: TestCall): Call {
  write(call, wanted).catch((error: unknown) => call.destroy(error as Error));
  return call;
}

async function write(call: ClientWritableStream<object>, wanted: TestCall): Promise<void> {
  const over = new Promise((resolve) => call.once('status', resolve));
  for await (const ask of wanted.asks) {
    if (!call.write(ask)) await Promise.race([over, once(call, 'drain')]);
  }
  call.end();
}
