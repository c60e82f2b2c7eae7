import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Compression, type ConnectOptions, connect, grpc, http2, Status } from 'tributary';
import { collect, type Message, rejection, rig, Stories, whenOver } from '../stories/harness.js';
import { type Frame, type RawCall, reply, startRawServer } from './raw-server.js';

const TEXT = 'over and over again, '.repeat(500);
const UNPACK = { gzip: gunzipSync, deflate: inflateSync };
const PACK = { gzip: gzipSync, deflate: deflateSync };

function stubOver(address: string, options: ConnectOptions = {}) {
  const client = connect(address, options);
  whenOver(() => client.close());
  return client.stub(Stories);
}

function asItIs(message: unknown): Frame {
  return { compressed: false, bytes: Buffer.from(JSON.stringify(message)) };
}

const answerOne = (call: RawCall): void => reply(call, [asItIs({ n: 1 })]);

describe.each(['grpc', 'http2'] as const)('compression of requests over %s', (name) => {
  const stubOf = (address: string, options: ConnectOptions = {}) =>
    stubOver(address, { transport: { grpc, http2 }[name](), ...options });

  it.each(['gzip', 'deflate'] as const)('%s for the client', async (compression) => {
    const { address, calls } = await startRawServer(answerOne);
    await stubOf(address, { compression }).unary({ n: 1, text: TEXT });
    expect(calls[0]?.headers['grpc-encoding']).toBe(compression);
    const [{ frames }] = calls as [RawCall];
    const [frame] = frames as [Frame];
    expect(frame.compressed).toBe(true);
    expect(frame.bytes.length).toBeLessThan(TEXT.length / 10);
    expect(JSON.parse(UNPACK[compression](frame.bytes).toString())).toEqual({ n: 1, text: TEXT });
  });

  it('none unless asked for', async () => {
    const { address, calls } = await startRawServer(answerOne);
    await stubOf(address).unary({ n: 1, text: TEXT });
    await stubOf(address, { compression: 'identity' }).unary({ n: 1, text: TEXT });
    for (const { headers, frames } of calls) {
      expect(headers['grpc-encoding']).toBeUndefined();
      expect(frames.map(({ compressed }) => compressed)).toEqual([false]);
    }
    expect(calls).toHaveLength(2);
  });

  it('tiny messages go as they are: compressed they would be larger', async () => {
    const { address, calls } = await startRawServer(answerOne);
    const stub = stubOf(address, { compression: 'gzip' });
    await stub.clientStream([{ n: 1 }, { n: 2, text: TEXT }, { n: 3 }]);
    expect(calls[0]?.frames.map(({ compressed }) => compressed)).toEqual([false, true, false]);
    expect(calls[0]?.frames[0]?.bytes.toString()).toBe('{"n":1}');
  });

  it('a call may say otherwise, each way', async () => {
    const seen = async (client: Compression | undefined, call: Compression | undefined) => {
      const { address, calls } = await startRawServer(answerOne);
      const stub = stubOf(address, { compression: client });
      await stub.unary({ n: 1, text: TEXT }, { compression: call });
      const [{ headers, frames }] = calls as [RawCall];
      return frames[0]?.compressed ? headers['grpc-encoding'] : 'identity';
    };
    const all = ['identity', 'gzip', 'deflate'] as const;
    for (const client of [undefined, ...all]) {
      for (const call of [undefined, ...all]) {
        expect([client, call, await seen(client, call)]).toEqual([
          client,
          call,
          call ?? client ?? 'identity',
        ]);
      }
    }
  });

  it('stops when the server says that it does not know it', async () => {
    const { address, calls } = await startRawServer((call) =>
      reply(call, [asItIs({ n: 1 })], { 'grpc-accept-encoding': 'identity' }),
    );
    const stub = stubOf(address, { compression: 'gzip' });
    for (let i = 0; i < 2; i += 1) await stub.unary({ n: 1, text: TEXT });
    expect(calls.map(({ headers }) => headers['grpc-encoding'])).toEqual(['gzip', undefined]);
    expect(calls[1]?.frames[0]?.compressed).toBe(false);
  });
});

describe('compression of requests over grpc-js’s channels', () => {
  it('another compression has a connection of its own, kept for later calls', async () => {
    const { address, calls, connections } = await startRawServer(answerOne);
    const stub = stubOver(address, { compression: 'gzip' });
    const all = ['gzip', 'identity', 'deflate', undefined, 'deflate', 'gzip'] as const;
    for (const compression of all) await stub.unary({ n: 1, text: TEXT }, { compression });
    expect(calls.map(({ connection }) => connection)).toEqual([0, 0, 1, 0, 1, 0]);
    expect(connections()).toBe(2);
  });

  it('through raw channel options, too', async () => {
    const { address, calls } = await startRawServer(answerOne);
    const transport = grpc({ channelOptions: { 'grpc.default_compression_algorithm': 2 } });
    const stub = stubOver(address, { transport, compression: 'deflate' });
    await stub.unary({ n: 1, text: TEXT });
    await stub.unary({ n: 1, text: TEXT }, { compression: 'identity' });
    expect(calls.map(({ frames }) => frames[0]?.compressed)).toEqual([true, false]);
    expect(calls[0]?.headers['grpc-encoding']).toBe('gzip');
  });
});

describe.each(['grpc', 'http2'] as const)('compression of responses over %s', (name) => {
  const stubOf = (address: string, options: ConnectOptions = {}) =>
    stubOver(address, { transport: { grpc, http2 }[name](), ...options });

  it.each(['gzip', 'deflate'] as const)('%s of a foreign server is understood', async (name) => {
    const { address } = await startRawServer((call) =>
      reply(
        call,
        [
          asItIs({ n: 0 }),
          ...[1, 2].map((n) => ({
            compressed: true,
            bytes: PACK[name](JSON.stringify({ n, text: TEXT })),
          })),
        ],
        { 'grpc-encoding': name },
      ),
    );
    expect(await collect(stubOf(address).serverStream({ n: 0 }))).toEqual([
      { n: 0 },
      { n: 1, text: TEXT },
      { n: 2, text: TEXT },
    ]);
  });

  it('one that unpacks to more than maxReceiveMessageSize is refused', async () => {
    const { address } = await startRawServer((call) =>
      reply(call, [{ compressed: true, bytes: gzipSync(Buffer.alloc(100_000)) }], {
        'grpc-encoding': 'gzip',
      }),
    );
    const stub = stubOf(address, { maxReceiveMessageSize: 50_000 });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
    });
  });
});

describe('compressed streams', () => {
  it('keep the order of large and tiny messages, awaited or not', async () => {
    const { address } = await rig('grpc', {
      async *bidiStream(stream) {
        yield* stream;
      },
    });
    const stub = stubOver(address, { compression: 'gzip' });
    const write = fc.record({ size: fc.nat(5_000), awaited: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 40 }), async (writes) => {
        const stream = stub.bidiStream();
        const sent = writes.map(({ size }, n) => ({ n, text: TEXT.slice(0, size) }));
        for (const [n, { awaited }] of writes.entries()) {
          const written = stream.write(sent[n] as Message);
          if (awaited) await written;
        }
        void stream.doneWriting();
        expect(await collect(stream)).toEqual(sent);
      }),
      { numRuns: 30 },
    );
  });

  it('a half-close right behind a message does not overtake it', async () => {
    const { address } = await rig('grpc', {
      async clientStream(stream) {
        return { n: (await collect(stream)).length };
      },
    });
    const stub = stubOver(address, { compression: 'deflate' });
    const calls = Array.from({ length: 50 }, () => stub.clientStream([{ n: 1, text: TEXT }]));
    expect(await Promise.all(calls)).toEqual(calls.map(() => ({ n: 1 })));
  });

  it('a call that is cancelled while it compresses is cancelled', async () => {
    const { address, server } = await rig('grpc', {
      async clientStream(stream) {
        return { n: (await collect(stream)).length };
      },
    });
    const stub = stubOver(address, { compression: 'gzip' });
    const stream = stub.clientStream();
    void stream.write({ n: 1, text: TEXT.repeat(100) });
    stream.cancel('enough');
    expect(await stream.status()).toMatchObject({ code: Status.CANCELLED });
    await server.close({ grace: 20_000 });
  });
});
