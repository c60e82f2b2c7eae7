import {
  credentials,
  Client as GrpcClient,
  type Metadata as GrpcMetadata,
  Server as GrpcServer,
  Metadata,
  ServerCredentials,
} from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { connect, EOF, grpc, RpcError, Status } from 'tributary';
import {
  aborted,
  collect,
  later,
  type Message,
  numbered,
  rejection,
  rig,
  Stories,
  soon,
  turns,
  whenOver,
} from '../stories/harness.js';

const HUNDRED_BYTES = 'x'.repeat(100);
const KILOBYTES_10 = 'x'.repeat(10_000);

/** What grpc-js does that this library must make up for, one by one. */
describe('the traps in grpc-js', () => {
  it('an error status does not overtake what fits prefetchBytes, however slow the reader', async () => {
    const { stub } = await rig('grpc', {
      async *serverStream() {
        yield* numbered(1_000, HUNDRED_BYTES);
        throw new RpcError(Status.DATA_LOSS, 'after all of them');
      },
    });
    const stream = stub.serverStream({ n: 0 });
    for (let n = 0; n < 1_000; n += 1) {
      expect(await stream.read()).toMatchObject({ n });
      if (n % 10 === 0) await turns(1);
    }
    expect(await rejection(stream.read())).toMatchObject({ code: Status.DATA_LOSS });
  });

  it('a write behind an OK does not undo it, nor lose what was not read', async () => {
    const { stub } = await rig('grpc', { bidiStream: () => numbered(3, HUNDRED_BYTES) });
    const stream = stub.bidiStream({ prefetchBytes: 1 });
    expect(await soon(stream.ready(), 'the first message')).toBe(true);
    for (let n = 0; n < 20; n += 1) {
      await turns(1);
      await soon(stream.write({ n }), 'a write that nobody reads');
    }
    expect(await collect(stream)).toHaveLength(3);
    expect(await stream.status()).toMatchObject({ code: Status.OK });
  });

  it('an error status does not overtake what nobody has begun to read', async () => {
    const { stub } = await rig('grpc', {
      async *serverStream() {
        yield* numbered(1_000, HUNDRED_BYTES);
        throw new RpcError(Status.DATA_LOSS);
      },
    });
    const stream = stub.serverStream({ n: 0 });
    expect(await stream.status()).toMatchObject({ code: Status.DATA_LOSS });
    const received: Message[] = [];
    await rejection(
      (async () => {
        for await (const each of stream) received.push(each);
      })(),
    );
    expect(received).toHaveLength(1_000);
  });

  it('messages written before there is a connection do not replace one another', async () => {
    const { stub } = await rig('grpc', {
      async clientStream(stream) {
        return { n: (await collect(stream)).length };
      },
    });
    const stream = stub.clientStream();
    for (const each of numbered(500)) void stream.write(each);
    void stream.doneWriting();
    expect(await stream.response()).toEqual({ n: 500 });
  });

  it('the same while the client waits for the server to appear', async () => {
    const { address, server } = await rig('grpc', {});
    await server.close();
    const client = connect(address);
    whenOver(() => client.close());
    const stream = client.stub(Stories).clientStream({ waitForReady: true });
    for (const each of numbered(500)) void stream.write(each);
    void stream.doneWriting();
    const second = new (await import('tributary')).Server();
    whenOver(() => second.close({ grace: 0 }));
    second.add(Stories, {
      clientStream: async (requests: AsyncIterable<Message>) => ({
        n: (await collect(requests)).length,
      }),
    } as never);
    await second.listen(address);
    expect(await stream.response()).toEqual({ n: 500 });
  });

  it('a big message and its retry buffer: writes go on past 1 MB', async () => {
    const { stub } = await rig('grpc', {
      async clientStream(stream) {
        let n = 0;
        for await (const { text } of stream) n += text?.length ?? 0;
        return { n };
      },
    });
    const megabyte = 'x'.repeat(1_000_000);
    expect(await stub.clientStream(numbered(10, megabyte))).toEqual({ n: 10_000_000 });
  });

  it('reads that are pending settle when the status has been sent', async () => {
    const outcome = later<unknown>();
    const { stub, takeErrors } = await rig('grpc', {
      async bidiStream(stream) {
        void stream.read().then(outcome.resolve, outcome.resolve);
        await turns(2);
        throw new RpcError(Status.ABORTED, 'over');
      },
    });
    const stream = stub.bidiStream();
    expect(await rejection(stream.read())).toMatchObject({ code: Status.ABORTED });
    expect(await soon(outcome.promise, 'the read')).toMatchObject({ code: Status.ABORTED });
    expect(takeErrors()).toEqual([]);
  });

  it('its own deadline lets a handler go whose peer is stalled', async () => {
    const outcome = later<unknown>();
    const { address } = await rig(
      'grpc',
      {
        async serverStream(_request, _ctx, stream) {
          for (;;) {
            await stream.write({ n: 0, text: KILOBYTES_10 }).catch((error: unknown) => {
              outcome.resolve(error);
              throw error;
            });
          }
        },
      },
      { byForce: true },
    );
    // A peer of our own making that says grpc-timeout and then neither reads nor resets.
    const { connect: http2 } = await import('node:http2');
    const session = http2(`http://${address}`, { settings: { initialWindowSize: 100 } });
    whenOver(() => session.destroy());
    session.on('error', () => {});
    const request = session.request({
      ':method': 'POST',
      ':path': '/test.Stories/ServerStream',
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': '80m',
    });
    request.on('error', () => {});
    request.pause();
    const body = Buffer.from('{"n":1}');
    request.end(Buffer.concat([Buffer.from([0, 0, 0, 0, body.length]), body]));
    expect(await soon(outcome.promise, 'write() to reject')).toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
  });

  it('a deadline is told from a cancellation on the server, every time', async () => {
    const reasons: unknown[] = [];
    const { stub } = await rig('grpc', {
      async serverStream(_request, ctx) {
        reasons.push(await aborted(ctx.signal));
      },
    });
    const calls = Array.from({ length: 40 }, (_each, i) =>
      stub.serverStream({ n: 0 }, { timeout: 200 + i }).status(),
    );
    await Promise.all(calls);
    await turns(20);
    const codes = reasons.map((reason) => (reason as RpcError).code);
    expect(codes).toEqual(codes.map(() => Status.DEADLINE_EXCEEDED));
    expect(codes.length).toBeGreaterThan(0);
  });

  it('calls are UNAVAILABLE, not CANCELLED, when the server closes by force', async () => {
    const started = later();
    const told = later<unknown>();
    const { stub, server } = await rig(
      'grpc',
      {
        async bidiStream(stream, ctx) {
          await stream.write({ n: 1 });
          started.resolve();
          told.resolve(await aborted(ctx.signal));
        },
      },
      { byForce: true },
    );
    const stream = stub.bidiStream();
    await soon(started.promise, 'the handler to start');
    await soon(server.close({ grace: 0 }), 'the server to close');
    expect(await stream.read()).toEqual({ n: 1 });
    expect(await rejection(stream.read())).toMatchObject({ code: Status.UNAVAILABLE });
    expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('more than 100 streams at once go through', async () => {
    const { stub } = await rig('grpc', {
      async *bidiStream(stream) {
        yield* stream;
      },
    });
    const streams = Array.from({ length: 300 }, () => stub.bidiStream());
    await Promise.all(streams.map((stream) => stream.write({ n: 1 })));
    const replies = Promise.all(streams.map((stream) => stream.read()));
    expect(await soon(replies, 'all replies')).toHaveLength(300);
    for (const stream of streams) stream.cancel();
  });

  it('cancelled in its own tick before there is a connection: nothing is left', async () => {
    let running = 0;
    const { stub, server } = await rig('grpc', {
      async bidiStream(stream) {
        running += 1;
        await collect(stream).finally(() => {
          running -= 1;
        });
      },
    });
    const stream = stub.bidiStream();
    void stream.write({ n: 1 });
    stream.cancel();
    expect(await collect(stub.bidiStream([]))).toEqual([]);
    await soon(server.close({ grace: 20_000 }), 'the server to drain');
    expect(running).toBe(0);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'cancelled %i microtasks after its start on an open connection: nothing is left',
    async (microtasks) => {
      let running = 0;
      const { stub, server } = await rig('grpc', {
        async bidiStream(stream) {
          running += 1;
          await collect(stream).finally(() => {
            running -= 1;
          });
        },
      });
      await collect(stub.bidiStream([]));
      const stream = stub.bidiStream();
      void stream.write({ n: 1 });
      for (let i = 0; i < microtasks; i += 1) await Promise.resolve();
      stream.cancel();
      expect(await stream.status()).toMatchObject({ code: Status.CANCELLED });
      await soon(server.close({ grace: 20_000 }), 'the server to drain');
      expect(running).toBe(0);
    },
  );

  it('a deadline that passes in the tick of the call leaves nothing either', async () => {
    const { stub, server } = await rig('grpc', {
      async bidiStream(stream) {
        await collect(stream);
      },
    });
    await collect(stub.bidiStream([]));
    for (let i = 0; i < 20; i += 1) {
      const stream = stub.bidiStream({ timeout: 1 });
      void stream.write({ n: 1 });
      const until = performance.now() + 1.2;
      while (performance.now() < until);
      await stream.status();
    }
    await soon(server.close({ grace: 20_000 }), 'the server to drain');
  });

  it('closing the client in the tick of a call leaves nothing on the server', async () => {
    const { address, server } = await rig('grpc', {
      async bidiStream(stream) {
        await collect(stream);
      },
    });
    const client = connect(address);
    const stub = client.stub(Stories);
    await collect(stub.bidiStream([]));
    const stream = stub.bidiStream();
    void stream.write({ n: 1 });
    await client.close();
    expect(await stream.status()).toMatchObject({ code: Status.CANCELLED });
    await soon(server.close({ grace: 20_000 }), 'the server to drain');
  });

  it('a signal on a server of two addresses still tells a cancel from a lost connection', async () => {
    const told = later<unknown>();
    const started = later();
    const { stub, server } = await rig('grpc', {
      async serverStream(_request, ctx) {
        started.resolve();
        told.resolve(await aborted(ctx.signal));
      },
    });
    await server.listen('127.0.0.1:0');
    const stream = stub.serverStream({ n: 0 });
    await soon(started.promise, 'the handler to start');
    stream.cancel();
    expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
  });

  it('a message over the limit is RESOURCE_EXHAUSTED, and the server lives on', async () => {
    const { address } = await rig('grpc', { unary: (request) => request });
    const client = connect(address, {
      transport: grpc({ channelOptions: { 'grpc.max_receive_message_length': 1_000 } }),
    });
    whenOver(() => client.close());
    const stub = client.stub(Stories);
    expect(await rejection(stub.unary({ n: 1, text: KILOBYTES_10 }))).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
    });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
  });
});

/** When one of these fails, grpc-js has been mended: what works around it can go. */
describe('grpc-js still', () => {
  it('forgets a cancel in the tick of the call (transport/grpc/client-wire.ts, #cancelAgain)', async () => {
    const server = new GrpcServer();
    whenOver(() => server.forceShutdown());
    let started = 0;
    let cancelled = 0;
    server.register(
      '/raw.Raw/Bidi',
      ((call: { on(event: string, listener: () => void): void; resume(): void }) => {
        started += 1;
        call.on('cancelled', () => {
          cancelled += 1;
        });
        call.on('error', () => {});
        call.resume();
      }) as never,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      'bidi',
    );
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const client = new GrpcClient(`127.0.0.1:${port}`, credentials.createInsecure());
    whenOver(() => client.close());
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + 3_000, (error) => (error ? reject(error) : resolve()));
    });
    const ended = later();
    const call = client.getChannel().createCall('/raw.Raw/Bidi', Infinity, null, null, undefined);
    call.start(new Metadata(), {
      onReceiveMetadata: (_metadata: GrpcMetadata) => {},
      onReceiveMessage: () => {},
      onReceiveStatus: () => ended.resolve(),
    });
    call.sendMessageWithContext({}, Buffer.from('x'));
    call.cancelWithStatus(Status.CANCELLED, 'at once');
    await soon(ended.promise, 'the status');
    for (let i = 0; i < 50 && started === 0; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await turns(20);
    expect([started, cancelled]).toEqual([1, 0]);
  });

  it('takes a cancelled or broken call for a half-closed one on a server', async () => {
    const server = new GrpcServer();
    whenOver(() => server.forceShutdown());
    const events: string[] = [];
    const over = later();
    const first = later();
    server.register(
      '/raw.Raw/Bidi',
      ((call: { on(event: string, listener: () => void): void }) => {
        call.on('data', () => first.resolve());
        call.on('end', () => events.push('end'));
        call.on('cancelled', () => {
          events.push('cancelled');
          over.resolve();
        });
        call.on('error', () => {});
      }) as never,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      'bidi',
    );
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const client = new GrpcClient(`127.0.0.1:${port}`, credentials.createInsecure());
    whenOver(() => client.close());
    const same = (bytes: Buffer): Buffer => bytes;
    const call = client.makeBidiStreamRequest('/raw.Raw/Bidi', same, same);
    call.on('error', () => {});
    call.write(Buffer.from('x'));
    await soon(first.promise, 'the first message');
    call.cancel();
    await soon(over.promise, 'the cancellation');
    expect(events).toEqual(['end', 'cancelled']);
  });
});

/** What a reader of the wire sees of EOF. */
describe('the half-close', () => {
  it('comes as EOF when it is one', async () => {
    const outcome = later<unknown>();
    const { stub } = await rig('grpc', {
      async bidiStream(stream) {
        await stream.read();
        outcome.resolve(await stream.read());
      },
    });
    const stream = stub.bidiStream();
    await stream.write({ n: 1 });
    await stream.doneWriting();
    expect(await soon(outcome.promise, 'the read')).toBe(EOF);
    expect(await stream.read()).toBe(EOF);
  });
});
