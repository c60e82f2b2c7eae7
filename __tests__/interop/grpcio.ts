import { firstOf } from '../peers/peer.js';
import { PLAIN_METHODS, type PlainMethod } from './protobufjs-codecs.js';
import { PythonClient } from './python-client.js';
import { PythonProcess } from './python-process.js';
import type {
  Answer,
  RunningTestClient,
  TestCall,
  TestClient,
  TestOutcome,
  TestServer,
} from './test-peer.js';

/** The client of gRPC's C core, driven from here. */
export const grpcioClient: TestClient = {
  name: 'the C core (grpcio)',
  requests: { by: 'call', because: "grpcio's clients compress whole calls" },
  connect: (port) => new GrpcioClient(port),
};

/** The service on gRPC's C core, all of it in Python. */
export const grpcioServer: TestServer = {
  name: 'the C core (grpcio)',
  replies: { by: 'message' },
  spacesEncodings: true,
  checksCompression: false,
  async serve() {
    const python = new PythonProcess('test_service.py', [], () => {});
    return { port: await python.port(), close: () => python.close() };
  },
};

class GrpcioClient implements RunningTestClient {
  readonly #client: PythonClient;

  constructor(port: number) {
    this.#client = new PythonClient(port, 'none');
  }

  async call(call: TestCall): Promise<TestOutcome> {
    const method = PLAIN_METHODS[call.method];
    const { metadata = {}, timeout, signal, compressed, onAnswer } = call;
    const outcome = await this.#client.call({
      path: method.path,
      kind: kindOf(method),
      asks: encoded(method.requestStream ? call.asks : [await firstOf(call.asks)], method),
      headers: metadata,
      ...(timeout !== undefined && { timeout }),
      ...(signal !== undefined && { signal }),
      ...(compressed !== undefined && { compression: compressed(0) ? 'gzip' : 'none' }),
      onAnswer: (bytes) => onAnswer?.(method.responseDeserialize(bytes) as Answer),
    });
    return {
      ...outcome,
      answers: outcome.answers.map((bytes) => method.responseDeserialize(bytes)),
    };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function kindOf({ requestStream, responseStream }: PlainMethod) {
  if (requestStream) return responseStream ? 'bidiStream' : 'clientStream';
  return responseStream ? 'serverStream' : 'unary';
}

async function* encoded(asks: TestCall['asks'], method: PlainMethod): AsyncGenerator<Buffer> {
  for await (const ask of asks) yield method.requestSerialize(ask);
}
