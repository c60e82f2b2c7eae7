import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  type ConnectOptions,
  connect,
  grpc,
  Metadata,
  type RpcError,
  type ServerOptions,
  Status,
} from 'tributary';
import {
  aborted,
  collect,
  type Handlers,
  later,
  type Message,
  numbered,
  rejection,
  rig,
  Stories,
  type StoryStub,
  soon,
  startProxy,
  whenOver,
} from '../stories/harness.js';
import { Authority } from '../support/certificates.js';
import { collectWarnings } from '../support/warnings.js';

/** The transports that have connections. */
const NETWORKED = ['grpc', 'http2'] as const;

const echo = { unary: (request: Message): Message => request };

/** Connections of its own: clients of one target share theirs otherwise. */
const ownPool = grpc({ channelOptions: { 'grpc.use_local_subchannel_pool': 1 } });

function stubOf(address: string, options: ConnectOptions = {}): StoryStub {
  const client = connect(address, { ...options, transport: ownPool });
  whenOver(() => client.close());
  return client.stub(Stories);
}

/** The settings that a server sends. */
async function settingsOf(address: string): Promise<{ maxConcurrentStreams?: number }> {
  const session = connectHttp2(`http://${address}`);
  whenOver(() => session.destroy());
  return soon(
    new Promise((resolve) => session.once('remoteSettings', resolve)),
    'the settings of the server',
  );
}

/** The status of a bare request with more headers than a client of ours would send. */
async function requestWith(address: string, headers: Record<string, string>): Promise<unknown> {
  const session = connectHttp2(`http://${address}`, { maxSendHeaderBlockLength: 1e7 });
  session.on('error', () => {});
  whenOver(() => session.destroy());
  const request = session.request({
    ':method': 'POST',
    ':path': '/test.Stories/Unary',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  let status: unknown = 'no status';
  const note = (received: Record<string, unknown>): void => {
    status = received['grpc-status'] ?? status;
  };
  request.on('response', note).on('trailers', note);
  request.on('error', () => {}).resume();
  request.end(Buffer.from('\0\0\0\0\x07{"n":1}'));
  await soon(new Promise((resolve) => request.once('close', resolve)), 'the end of the request');
  return status;
}

describe.each(NETWORKED)('maxReceiveMessageSize over %s', (transport) => {
  const text = (bytes: number): Message => ({ n: 0, text: 'x'.repeat(bytes) });

  it.each<[string, ServerOptions, number, boolean]>([
    ['4 MiB unless given', {}, 4.1 * 1024 * 1024, false],
    ['less', { maxReceiveMessageSize: 1_000 }, 1_001, false],
    ['as much as that', { maxReceiveMessageSize: 1_000 }, 900, true],
    ['more', { maxReceiveMessageSize: 6_000_000 }, 5_000_000, true],
    ['no limit', { maxReceiveMessageSize: Infinity }, 5_000_000, true],
  ])('%s', async (_what, options, size, fits) => {
    const { stub } = await rig(transport, { unary: () => ({ n: 7 }) }, options);
    const reply = stub.unary(text(size));
    if (fits) expect(await reply).toEqual({ n: 7 });
    else expect(await rejection(reply)).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    expect(await stub.unary({ n: 0 })).toEqual({ n: 7 });
  });
});

it("grpc-js's own option goes before maxReceiveMessageSize", async () => {
  const own = grpc({ channelOptions: { 'grpc.max_receive_message_length': -1 } });
  const options: ServerOptions = { maxReceiveMessageSize: 1_000, transport: own };
  const { stub } = await rig('grpc', { unary: () => ({ n: 7 }) }, options);
  expect(await stub.unary({ n: 0, text: 'x'.repeat(5_000_000) })).toEqual({ n: 7 });
});

describe.each(['grpc', 'http2', 'memory'] as const)('maxSendMessageSize over %s', (transport) => {
  const options = { maxSendMessageSize: 1_000 };
  const large = { n: 0, text: 'x'.repeat(1_000) };
  const refusal = {
    code: Status.RESOURCE_EXHAUSTED,
    details: expect.stringMatching(
      /^a reply of 10\d\d bytes is more than maxSendMessageSize, which is 1000$/,
    ),
  };

  it('a single reply: the client is told, and onError', async () => {
    const { stub, takeErrors } = await rig(
      transport,
      { unary: () => large, clientStream: async () => large },
      options,
    );
    expect(await rejection(stub.unary({ n: 0 }))).toMatchObject(refusal);
    expect(await rejection(stub.clientStream([]).response())).toMatchObject(refusal);
    expect(takeErrors()).toMatchObject([refusal, refusal]);
  });

  it('what a generator yields: the client is told, after what fits', async () => {
    const { stub, takeErrors } = await rig(
      transport,
      {
        *serverStream() {
          yield { n: 1 };
          yield large;
        },
      },
      options,
    );
    const stream = stub.serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    expect(await rejection(stream.read())).toMatchObject(refusal);
    expect(takeErrors()).toMatchObject([refusal]);
  });

  it('a write: it rejects, and the call lives on', async () => {
    const { stub } = await rig(
      transport,
      {
        async bidiStream(stream) {
          const error = await rejection(stream.write(large));
          await stream.write({ n: 1, text: (error as RpcError).details });
        },
      },
      options,
    );
    expect(await collect(stub.bidiStream([]))).toEqual([{ n: 1, text: refusal.details }]);
  });

  it('a write that nobody looked at: the call must not end well', async () => {
    const { stub, takeErrors } = await rig(
      transport,
      {
        async serverStream(_request, _ctx, stream) {
          void stream.write(large);
        },
      },
      options,
    );
    expect(await rejection(collect(stub.serverStream({ n: 0 })))).toMatchObject(refusal);
    expect(takeErrors()).toMatchObject([refusal]);
  });
});

describe.each(NETWORKED)('maxConcurrentStreams over %s', (transport) => {
  it.each<[number | undefined, number]>([
    [undefined, 1000],
    [7, 7],
    [Infinity, 2 ** 32 - 1],
  ])('%s: the client is told %s', async (maxConcurrentStreams, told) => {
    const { address } = await rig(transport, echo, { maxConcurrentStreams });
    expect(await settingsOf(address)).toMatchObject({ maxConcurrentStreams: told });
  });

  it('calls beyond it wait for their turn', async () => {
    const go = later();
    let most = 0;
    let open = 0;
    const { stub } = await rig(
      transport,
      {
        async unary(request) {
          open += 1;
          most = Math.max(most, open);
          await go.promise;
          open -= 1;
          return request;
        },
      },
      { maxConcurrentStreams: 3 },
    );
    // Its settings are known once it has answered.
    const first = stub.unary({ n: 0 });
    go.resolve();
    await first;
    const replies = await Promise.all(Array.from(numbered(20), (each) => stub.unary(each)));
    expect(replies).toHaveLength(20);
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe.each(NETWORKED)('maxConnections over %s', (transport) => {
  const open = (address: string): Socket =>
    connectSocket(Number(address.split(':')[1]), '127.0.0.1').on('error', () => {});

  /** A connection that the server closes, without a word being said. */
  const refused = (address: string): Promise<unknown> =>
    soon(new Promise((resolve) => open(address).once('close', resolve)), 'the server to close it');

  /** A connection that the server keeps, as soon as it has room for one. */
  const kept = async (address: string): Promise<ClientHttp2Session> => {
    for (;;) {
      const session = connectHttp2(`http://${address}`).on('error', () => {});
      whenOver(() => session.destroy());
      const isKept = new Promise<boolean>((resolve) => {
        session.once('remoteSettings', () => resolve(true)).once('close', () => resolve(false));
      });
      if (await soon(isKept, 'an answer or the end')) return session;
    }
  };

  it('one too many is closed at once, the others go on, and one warning says so', async () => {
    const warnings = collectWarnings();
    const { address, server } = await rig(transport, echo, { maxConnections: 2, byForce: true });
    const second = await server.listen('127.0.0.1:0');
    const stubs = [stubOf(address), stubOf(second.address)];
    for (const stub of stubs) expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    for (let i = 0; i < 5; i += 1) {
      await refused(address);
    }
    expect(await rejection(stubOf(address).unary({ n: 1 }))).toMatchObject({
      code: Status.UNAVAILABLE,
    });
    for (const stub of stubs) expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(warnings).toEqual([
      '2 connections are open, which is maxConnections: further ones are closed',
    ]);
  });

  it('a connection that closes makes room, and the next flood is told anew', async () => {
    const warnings = collectWarnings();
    const { address } = await rig(transport, echo, { maxConnections: 1, byForce: true });
    for (let i = 0; i < 3; i += 1) {
      const session = await kept(address);
      await refused(address);
      await refused(address);
      expect(warnings).toHaveLength(i + 1);
      session.destroy();
    }
  });
});

describe.each(NETWORKED)('maxMetadataSize over %s', (transport) => {
  const heard: Handlers = { unary: (_request, ctx) => ({ n: ctx.metadata.get('x').length }) };
  const ofSize = (size: number): { x: string } => ({ x: 'x'.repeat(size) });

  it.each<[number | undefined, number, boolean]>([
    [undefined, 16_000, true],
    [undefined, 17_000, false],
    [1_000, 700, true],
    [1_000, 1_000, false],
    [65_535, 32_000, true],
  ])('%s: %s bytes', async (maxMetadataSize, size, fits) => {
    const { stub } = await rig(transport, heard, { maxMetadataSize });
    const reply = stub.unary({ n: 0 }, { metadata: ofSize(size) });
    if (fits) expect(await reply).toEqual({ n: 1 });
    else {
      expect(await rejection(reply)).toMatchObject({
        code: Status.RESOURCE_EXHAUSTED,
        details: expect.stringMatching(
          /^request headers of \d+ bytes are more than the \d+ allowed$/,
        ),
      });
    }
    expect(await stub.unary({ n: 0 })).toEqual({ n: 0 });
  });

  it('the handler is not reached, whatever the kind; binary values count as they are sent', async () => {
    const reached = (): never => {
      throw new Error('the handler was reached');
    };
    const handlers = { serverStream: reached, clientStream: reached, bidiStream: reached };
    const { stub } = await rig(transport, handlers, { maxMetadataSize: 1_000 });
    const metadata = new Metadata();
    for (let i = 0; i < 3; i += 1) metadata.add('x-bin', Buffer.alloc(240));
    for (const stream of [
      stub.serverStream({ n: 0 }, { metadata }),
      stub.clientStream(numbered(3), { metadata }),
      stub.bidiStream(numbered(3), { metadata }),
    ]) {
      expect(await rejection(stream.read())).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    }
  });

  it('many entries are as much as one, and Infinity is no limit', async () => {
    const { address } = await rig(transport, heard, { maxMetadataSize: Infinity, byForce: true });
    const limited = await rig(transport, heard, { byForce: true });
    const many = Object.fromEntries(
      Array.from(numbered(90), ({ n }) => [`x-${n}`, 'x'.repeat(900)]),
    );
    expect(await requestWith(address, many)).toBe('0');
    expect(await requestWith(limited.address, many)).toBe(String(Status.RESOURCE_EXHAUSTED));
  });

  it('what breaks the connection breaks no other', async () => {
    const { address, stub } = await rig(transport, heard, { byForce: true });
    for (const headers of [
      { x: '\\'.repeat(200_000) },
      Object.fromEntries(Array.from(numbered(3_000), ({ n }) => [`x-${n}`, 'y'])),
    ]) {
      expect(await requestWith(address, headers)).toBe('no status');
      expect(await stub.unary({ n: 0 })).toEqual({ n: 0 });
    }
  });
});

describe.each(NETWORKED)('keepalive over %s', (transport) => {
  const waits = (outcome: { resolve(reason: unknown): void }): Handlers => ({
    ...echo,
    async serverStream(_request, ctx, stream) {
      await stream.write({ n: 1 });
      outcome.resolve(await aborted(ctx.signal));
    },
  });

  it('a client that vanished is noticed, and the handler told', async () => {
    const outcome = later<unknown>();
    const keepalive = { time: 30, timeout: 30 };
    const { address } = await rig(transport, waits(outcome), { keepalive, byForce: true });
    const proxy = await startProxy(Number(address.split(':')[1]));
    whenOver(proxy.close);
    const stream = stubOf(proxy.address).serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    proxy.stall();
    expect(await soon(outcome.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it.each([false, true])(
    'one that does not read loses its socket, too (TLS: %s)',
    async (secure) => {
      collectWarnings();
      const outcome = later<unknown>();
      const authority = new Authority();
      const tls = secure ? authority.issue() : undefined;
      const connecting = secure ? { tls: { ca: authority.cert } } : {};
      const { address } = await rig(
        transport,
        {
          ...echo,
          async serverStream(_request, ctx, stream) {
            void aborted(ctx.signal).then(outcome.resolve);
            for (;;) await stream.write({ n: 0, text: 'x'.repeat(100_000) });
          },
        },
        { tls, keepalive: { time: 30, timeout: 30 }, maxConnections: 1, byForce: true },
      );
      const proxy = await startProxy(Number(address.split(':')[1]));
      whenOver(proxy.close);
      const stream = stubOf(proxy.address, connecting).serverStream({ n: 0 });
      await stream.read();
      proxy.stall();
      expect(await soon(outcome.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
      // There is room for another: the socket is gone as well, with all that it had to send.
      const next = stubOf(address, connecting).unary({ n: 1 }, { waitForReady: true });
      expect(await soon(next, 'room for a connection')).toEqual({ n: 1 });
    },
  );

  it('a client that answers stays, however quiet its calls', async () => {
    const outcome = later<unknown>();
    const keepalive = { time: 10, timeout: 1_000 };
    const { stub } = await rig(transport, waits(outcome), { keepalive, byForce: true });
    const stream = stub.serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    expect(await stream.read(200)).toBeNull();
    stream.cancel();
    expect(await soon(outcome.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
  });
});

describe.each(NETWORKED)('the age of connections over %s', (transport) => {
  it('an aged connection ends its calls, and new calls find a new one', async () => {
    const peers = new Set<string>();
    const { address } = await rig(
      transport,
      {
        async unary(request, ctx) {
          peers.add(ctx.peer);
          return request;
        },
        async serverStream(_request, ctx, stream) {
          await stream.write({ n: 1 });
          while (peers.size < 3) {
            await stream.write({ n: 2 });
            // A faster stream leaves the other calls no time.
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
          peers.add(ctx.peer);
        },
      },
      { maxConnectionAge: 50 },
    );
    const stub = stubOf(address);
    const stream = stub.serverStream({ n: 0 });
    const replies = collect(stream);
    const moved = (async () => {
      // One that sets out as its connection is asked to close may be refused, without being handled.
      while (peers.size < 3) {
        await stub.unary({ n: 0 }).catch(({ code }) => expect(code).toBe(Status.UNAVAILABLE));
      }
    })();
    await soon(moved, 'a third connection');
    // The stream has outlived two of them, on the first.
    await soon(replies, 'the end of the stream');
    expect(peers.size).toBeGreaterThanOrEqual(3);
  });

  it('the grace over, its calls are cut off', async () => {
    const outcome = later<unknown>();
    const { address } = await rig(
      transport,
      {
        async serverStream(_request, ctx, stream) {
          await stream.write({ n: 1 });
          outcome.resolve(await aborted(ctx.signal));
        },
      },
      { maxConnectionAge: 50, maxConnectionAgeGrace: 20, byForce: true },
    );
    const stub = stubOf(address);
    const stream = stub.serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    expect(await rejection(stream.read())).toMatchObject({ code: Status.UNAVAILABLE });
    expect(await soon(outcome.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('an idle one is closed, and the next call finds a new one', async () => {
    const handlers: Handlers = { unary: (_request, { peer }) => ({ n: 0, text: peer }) };
    const { address } = await rig(transport, handlers, { maxConnectionIdle: 50 });
    const stub = stubOf(address);
    const session = connectHttp2(`http://${address}`);
    await soon(new Promise((resolve) => session.once('close', resolve)), 'the server to close it');
    const first = await stub.unary({ n: 0 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await stub.unary({ n: 0 })).not.toEqual(first);
  });

  it.each([2 ** 31, 2 ** 40, Infinity])('%s ms are no instant', async (long) => {
    const limits = {
      maxConnectionAge: long,
      maxConnectionAgeGrace: long,
      maxConnectionIdle: long,
      handshakeTimeout: long,
      keepalive: { time: long, timeout: long },
    };
    const handlers: Handlers = { unary: (_request, { peer }) => ({ n: 0, text: peer }) };
    const { address } = await rig(transport, handlers, limits);
    const stub = stubOf(address);
    const first = await stub.unary({ n: 0 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await stub.unary({ n: 0 })).toEqual(first);
  });
});
