import {
  type CallOptions,
  type Client,
  type ClientTlsOptions,
  connect,
  http2,
  loadService,
  type Stub,
} from 'tributary';
import { outcomeOf } from '../peers/outcome-of.js';
import { firstOf } from '../peers/peer.js';
import type { Answer, RunningTestClient, TestCall, TestClient, TestOutcome } from './test-peer.js';
import { TEST_SERVICE_PROTO, type TestMethods, type UnimplementedMethods } from './test-service.js';

const service = await loadService<TestMethods>(TEST_SERVICE_PROTO, 'grpc.testing.TestService');
const unimplemented = await loadService<UnimplementedMethods>(
  TEST_SERVICE_PROTO,
  'grpc.testing.UnimplementedService',
);

/** The library's client, as users use it. */
export function tributaryClient(transport: 'grpc' | 'http2', tls?: ClientTlsOptions): TestClient {
  const options = { ...(transport === 'http2' && { transport: http2() }), tls };
  const lost = "grpc-js's client finds no gzip after a space, and compresses only the first call";
  return {
    name: `tributary over ${transport}${tls === undefined ? '' : ' and TLS'}`,
    requests: { by: 'call', because: 'compression is an option of a call, not of a message' },
    ...(transport === 'grpc' && { losesSpacedEncodings: lost }),
    connect: (port) =>
      new TributaryTestClient(connect(`127.0.0.1:${port}`, { ...options, ownConnections: true })),
  };
}

class TributaryTestClient implements RunningTestClient {
  readonly #client: Client;
  readonly #stub: Stub<TestMethods>;

  constructor(client: Client) {
    this.#client = client;
    this.#stub = client.stub(service);
  }

  call(call: TestCall): Promise<TestOutcome> {
    const { metadata = {}, timeout, signal, onAnswer } = call;
    const compression = call.compressed?.(0) === true ? 'gzip' : 'identity';
    return outcomeOf(
      (options) => this.#answers(call, options),
      { metadata, timeout, signal, compression },
      onAnswer,
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async *#answers({ method, asks }: TestCall, options: CallOptions): AsyncGenerator<Answer> {
    if (method === 'streamingInputCall') {
      yield await this.#stub.streamingInputCall(asks, options);
    } else if (method === 'streamingOutputCall') {
      yield* this.#stub.streamingOutputCall(await firstOf(asks), options);
    } else if (method === 'fullDuplexCall') {
      const stream = this.#stub.fullDuplexCall(options);
      stream.writeAll(asks).then(
        () => stream.doneWriting(),
        () => {}, // the reader is told the same
      );
      yield* stream;
    } else if (method === 'unimplementedService') {
      yield await this.#client.stub(unimplemented).unimplementedCall(await firstOf(asks), options);
    } else {
      yield await this.#stub[method](await firstOf(asks), options);
    }
  }
}
