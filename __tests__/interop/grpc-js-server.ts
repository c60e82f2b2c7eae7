import { once } from 'node:events';
import type { Readable } from 'node:stream';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { PLAIN_SERVED } from './protobufjs-codecs.js';
import type { TestServer } from './test-peer.js';
import {
  ECHO_INITIAL,
  ECHO_TRAILING,
  type EchoStatus,
  type PayloadResponse,
  type ResponseParameters,
  type SimpleRequest,
  type StreamingInputCallRequest,
  type StreamingInputCallResponse,
  type StreamingOutputCallRequest,
} from './test-service.js';
import type { WireTap } from './wire-tap.js';

/** grpc-js's server through its own API. */
export const grpcJsServer: TestServer = {
  name: 'grpc-js',
  replies: { by: 'nothing', because: "grpc-js's server compresses no replies" },
  checksCompression: true,
  async serve(tap) {
    const server = new Server();
    server.addService(PLAIN_SERVED, handlersOf(tap));
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return { port, close: async () => server.forceShutdown() };
  },
};

type Reply<Response> = (
  error: Partial<ServiceError> | null,
  response?: Response,
  t?: Metadata,
) => void;
type AnyCall = Pick<ServerUnaryCall<object, object>, 'metadata' | 'sendMetadata' | 'getPeer'>;

function handlersOf(tap: () => WireTap): UntypedServiceImplementation {
  function isAsSaid(call: AnyCall, index: number, expected = false): boolean {
    return !expected || tap().latestFrom(call.getPeer()).requests[index]?.compressed === true;
  }
  return {
    emptyCall(_call: unknown, reply: Reply<object>) {
      reply(null, {});
    },
    unaryCall(
      call: ServerUnaryCall<SimpleRequest, PayloadResponse>,
      reply: Reply<PayloadResponse>,
    ) {
      const { responseSize = 0, responseStatus, expectCompressed } = call.request;
      const metadata = echo(call);
      if (!isAsSaid(call, 0, expectCompressed?.value)) reply({ ...NOT_COMPRESSED, metadata });
      else if (isRefusal(responseStatus)) reply({ ...toStatus(responseStatus), metadata });
      else reply(null, payloadOf(responseSize), metadata);
    },
    streamingInputCall(
      call: ServerReadableStream<StreamingInputCallRequest, StreamingInputCallResponse>,
      reply: Reply<StreamingInputCallResponse>,
    ) {
      let aggregatedPayloadSize = 0;
      let index = 0;
      call.on('data', ({ payload, expectCompressed }: StreamingInputCallRequest) => {
        if (!isAsSaid(call, index, expectCompressed?.value)) reply(NOT_COMPRESSED);
        aggregatedPayloadSize += payload?.body?.length ?? 0;
        index += 1;
      });
      call.on('end', () => reply(null, { aggregatedPayloadSize }));
    },
    streamingOutputCall(call: ServerWritableStream<StreamingOutputCallRequest, PayloadResponse>) {
      const trailers = echo(call);
      void send(call, call.request.responseParameters).then(() => call.end(trailers));
    },
    fullDuplexCall(call: ServerDuplexStream<StreamingOutputCallRequest, PayloadResponse>) {
      converse(call, echo(call)).catch((error: unknown) => {
        // To iterate over a call that was cancelled fails, sooner or later.
        if (!call.cancelled) call.destroy(error as Error);
      });
    },
  };
}

async function converse(
  call: ServerDuplexStream<StreamingOutputCallRequest, PayloadResponse>,
  trailers: Metadata,
): Promise<void> {
  const requests = (call as Readable).iterator({ destroyOnReturn: false });
  for await (const request of requests as AsyncIterable<StreamingOutputCallRequest>) {
    if (isRefusal(request.responseStatus)) {
      call.emit('error', { ...toStatus(request.responseStatus), metadata: trailers });
      return;
    }
    await send(call, request.responseParameters);
  }
  call.end(trailers);
}

type Sending =
  | ServerWritableStream<StreamingOutputCallRequest, PayloadResponse>
  | ServerDuplexStream<StreamingOutputCallRequest, PayloadResponse>;

async function send(call: Sending, all: readonly ResponseParameters[] = []): Promise<void> {
  for (const { size = 0 } of all) {
    if (!call.write(payloadOf(size)) && !call.cancelled) {
      await Promise.race([once(call, 'drain'), once(call, 'cancelled')]);
    }
  }
}

const NOT_COMPRESSED = { code: 3, details: 'expected a compressed request' };

/** Sends back what is to be echoed at once; what is to be echoed at the end. */
function echo(call: AnyCall): Metadata {
  const [initial] = call.metadata.get(ECHO_INITIAL);
  const [trailing] = call.metadata.get(ECHO_TRAILING);
  const headers = new Metadata();
  const trailers = new Metadata();
  if (initial !== undefined) {
    headers.set(ECHO_INITIAL, initial);
    call.sendMetadata(headers);
  }
  if (trailing !== undefined) trailers.set(ECHO_TRAILING, trailing);
  return trailers;
}

function isRefusal(status: EchoStatus | undefined): status is EchoStatus {
  return (status?.code ?? 0) !== 0;
}

function toStatus({ code = 0, message = '' }: EchoStatus): { code: number; details: string } {
  return { code, details: message };
}

function payloadOf(size: number): PayloadResponse {
  return { payload: { body: Buffer.alloc(size) } };
}
