import { describe, expect, it } from '@jest/globals';
import {
  type ErrorDetail,
  errorDetails,
  findDetail,
  type Metadata,
  RpcError,
  richError,
  Status,
} from 'tributary';
import { collect, rejection, rig, type StoryStub, TRANSPORTS } from './harness.js';

const DETAILS: ErrorDetail[] = [
  { type: 'ErrorInfo', reason: 'FULL', domain: 'test', metadata: { free: '0' } },
  { type: 'RetryInfo', retryDelay: 250.5 },
  { type: 'Any', typeUrl: 'type.googleapis.com/acme.Reason', value: Uint8Array.of(1, 2) },
];

function full(): never {
  throw richError(Status.RESOURCE_EXHAUSTED, 'no room', DETAILS, { trailers: { mine: 'too' } });
}

describe.each(TRANSPORTS)('errors with details over %s', (transport) => {
  it.each(['unary', 'serverStream', 'clientStream', 'bidiStream'] as const)(
    '%s: reach the caller, whoever asks for them',
    async (kind) => {
      const { stub } = await rig(transport, {
        unary: full,
        async *serverStream() {
          yield { n: 1 };
          full();
        },
        clientStream: full,
        async bidiStream() {
          full();
        },
      });
      let heard: Metadata | undefined;
      const options = {
        onTrailers: (trailers: Metadata): void => {
          heard = trailers;
        },
      };
      const calls = {
        unary: () => stub.unary({ n: 0 }, options),
        serverStream: () => collect(stub.serverStream({ n: 0 }, options)),
        clientStream: () => stub.clientStream([], options),
        bidiStream: () => collect(stub.bidiStream([], options)),
      };
      const error = await rejection(calls[kind]());
      expect(error).toMatchObject({ code: Status.RESOURCE_EXHAUSTED, details: 'no room' });
      expect((error as RpcError).trailers.get('mine')).toEqual(['too']);
      expect(errorDetails(error)).toEqual(DETAILS);
      expect(errorDetails(heard)).toEqual(DETAILS);
    },
  );

  it('are in what status() gives', async () => {
    const { stub } = await rig(transport, { bidiStream: full });
    expect(errorDetails(await stub.bidiStream().status())).toEqual(DETAILS);
  });

  it('travel on through handlers that let the error pass', async () => {
    let stub: StoryStub | undefined;
    const rigged = await rig(transport, {
      unary: ({ n }) => (n === 0 ? full() : (stub as StoryStub).unary({ n: n - 1 })),
    });
    ({ stub } = rigged);
    expect(errorDetails(await rejection(stub.unary({ n: 2 })))).toEqual(DETAILS);
  });

  it('travel on in an error that takes them over, and not in one that does not', async () => {
    const { stub } = await rig(transport, {
      unary: full,
      async clientStream() {
        const error = await rejection(stub.unary({ n: 0 }));
        throw richError(Status.UNAVAILABLE, 'behind', errorDetails(error), { cause: error });
      },
      async bidiStream() {
        throw new RpcError(Status.UNAVAILABLE, '', {
          cause: await rejection(stub.unary({ n: 0 })),
        });
      },
    });
    const taken = await rejection(stub.clientStream([]));
    expect(taken).toMatchObject({ code: Status.UNAVAILABLE, details: 'behind' });
    expect(errorDetails(taken)).toEqual(DETAILS);
    expect(errorDetails(await stub.bidiStream().status())).toEqual([]);
  });

  it('replace those that the handler put into its trailers by hand', async () => {
    const { stub } = await rig(transport, {
      unary(_request, ctx) {
        ctx.trailers.set('grpc-status-details-bin', Buffer.of(8, 1));
        ctx.trailers.set('of-context', 'c');
        return full();
      },
    });
    const error = (await rejection(stub.unary({ n: 0 }))) as RpcError;
    expect(error.trailers.get('grpc-status-details-bin')).toHaveLength(1);
    expect(error.trailers.get('of-context')).toEqual(['c']);
    expect(errorDetails(error)).toEqual(DETAILS);
  });

  it('arrive as large as they may be made', async () => {
    const detail = 'x'.repeat(32_000);
    const { stub } = await rig(transport, {
      unary() {
        throw richError(Status.ABORTED, 'large', [{ type: 'DebugInfo', detail }]);
      },
    });
    const found = findDetail(await rejection(stub.unary({ n: 0 })), 'DebugInfo');
    expect(found?.detail).toBe(detail);
  });
});
