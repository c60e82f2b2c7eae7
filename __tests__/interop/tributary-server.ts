import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CallContext,
  http2,
  loadService,
  RpcError,
  Server,
  type ServerTlsOptions,
  type ServiceDescriptor,
  Status,
  type Transport,
} from 'tributary';
import type { Compressing, TestServer } from './test-peer.js';
import {
  ECHO_INITIAL,
  ECHO_TRAILING,
  type EchoStatus,
  type Payload,
  type ResponseParameters,
  type ServedMethods,
  TEST_SERVICE_PROTO,
} from './test-service.js';
import type { WireTap } from './wire-tap.js';

const service = await loadService<ServedMethods>(TEST_SERVICE_PROTO, 'grpc.testing.TestService');

interface Served {
  readonly transport?: Transport;
  readonly replies: Compressing;
}

const SERVED: { readonly [transport in 'grpc' | 'http2']: Served } = {
  grpc: { replies: { by: 'nothing', because: "grpc-js's server compresses no replies" } },
  http2: {
    transport: http2(),
    replies: { by: 'call', because: "a handler chooses for the call's replies together" },
  },
};

/** The library's server, as users write one. */
export function tributaryServer(transport: 'grpc' | 'http2', tls?: ServerTlsOptions): TestServer {
  const { replies, ...rest } = SERVED[transport];
  const options = { ...rest, tls };
  return {
    name: `tributary over ${transport}${tls === undefined ? '' : ' and TLS'}`,
    replies,
    checksCompression: true,
    async serve(tap) {
      const server = new Server(options);
      addTestService(server, replies.by !== 'nothing', tap);
      const { port } = await server.listen('127.0.0.1:0');
      return { port, close: () => server.close({ grace: 0 }) };
    },
  };
}

function addTestService(server: Server, compresses: boolean, tap: () => WireTap): void {
  /** Echoes metadata, and says whether the replies of the call are to be compressed. */
  function begin(ctx: CallContext, compressed = false): void {
    const [initial] = ctx.metadata.get(ECHO_INITIAL);
    const [trailing] = ctx.metadata.get(ECHO_TRAILING);
    if (trailing !== undefined) ctx.trailers.set(ECHO_TRAILING, trailing);
    const headers = initial === undefined ? {} : { [ECHO_INITIAL]: initial };
    if (compressed && compresses) ctx.sendHeaders(headers, { compression: 'gzip' });
    else if (initial !== undefined) ctx.sendHeaders(headers);
  }
  /** Refuses a request that says of itself that it is compressed, and is not. */
  function check(ctx: CallContext, index: number, expected = false): void {
    if (!expected || tap().latestFrom(ctx.peer).requests[index]?.compressed) return;
    throw new RpcError(Status.INVALID_ARGUMENT, 'expected a compressed request');
  }

  server.add(service as ServiceDescriptor<ServedMethods>, {
    emptyCall: () => ({}),

    unaryCall(request, ctx) {
      check(ctx, 0, request.expectCompressed?.value);
      begin(ctx, request.responseCompressed?.value);
      endAsTold(request.responseStatus);
      return { payload: payloadOf(request.responseSize) };
    },

    async *streamingOutputCall({ responseParameters = [] }, ctx) {
      begin(ctx, responseParameters[0]?.compressed?.value);
      yield* replies(responseParameters);
    },

    async streamingInputCall(stream, ctx) {
      let aggregatedPayloadSize = 0;
      let index = 0;
      for await (const { payload, expectCompressed } of stream) {
        check(ctx, index, expectCompressed?.value);
        aggregatedPayloadSize += payload?.body?.length ?? 0;
        index += 1;
      }
      return { aggregatedPayloadSize };
    },

    async fullDuplexCall(stream, ctx) {
      begin(ctx);
      for await (const { responseStatus, responseParameters = [] } of stream) {
        endAsTold(responseStatus);
        await stream.writeAll(replies(responseParameters));
      }
    },
  });
}

async function* replies(parameters: readonly ResponseParameters[]): AsyncGenerator<{
  payload: Payload;
}> {
  for (const { size, intervalUs = 0 } of parameters) {
    if (intervalUs > 0) await sleep(intervalUs / 1_000);
    yield { payload: payloadOf(size) };
  }
}

function endAsTold({ code = 0, message }: EchoStatus = {}): void {
  if (code !== 0) throw new RpcError(code, message);
}

function payloadOf(size = 0): Payload {
  if (size < 0) throw new RpcError(Status.INVALID_ARGUMENT, `a payload of ${size} bytes`);
  return { body: new Uint8Array(size) };
}
