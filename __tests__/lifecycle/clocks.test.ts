import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  type CallOptions,
  type ClientInterceptor,
  connect,
  EOF,
  type ReadStream,
  RpcError,
  Status,
} from 'tributary';
import {
  type Handlers,
  later,
  type Message,
  rejection,
  rig,
  Stories,
  type StoryStub,
  soon,
  type TransportName,
  whenOver,
} from '../stories/harness.js';

/** What clocks could differ over: encryption and compression are none of it. */
const VARIANTS = [
  'grpc',
  'http2',
  'memory',
  'grpc+interceptors',
  'memory+interceptors',
] as const satisfies readonly TransportName[];

const KINDS = ['unary', 'serverStream', 'clientStream', 'bidiStream'] as const;

/** Starts a call of each kind; gives what its reader gets. */
const CALLS: {
  [Kind in (typeof KINDS)[number]]: (stub: StoryStub, options: CallOptions) => Promise<unknown>;
} = {
  unary: (stub, options) => stub.unary({ n: 1 }, options),
  serverStream: (stub, options) => stub.serverStream({ n: 1 }, options).read(),
  clientStream: (stub, options) => stub.clientStream(options).response(),
  bidiStream: (stub, options) => stub.bidiStream(options).read(),
};

/** Handlers that answer nothing before they are cancelled. */
const SILENT: Handlers = {
  unary: async (_request, ctx) => {
    await untilCancelled(ctx.signal);
    return { n: 0 };
  },
  serverStream: (_request, ctx) => untilCancelled(ctx.signal),
  clientStream: async (_stream, ctx) => {
    await untilCancelled(ctx.signal);
    return { n: 0 };
  },
  bidiStream: (_stream, ctx) => untilCancelled(ctx.signal),
};

function untilCancelled(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function expectDeadline(error: unknown, words: RegExp): void {
  expect(RpcError.is(error)).toBe(true);
  expect(error).toMatchObject({
    code: Status.DEADLINE_EXCEEDED,
    details: expect.stringMatching(words),
  });
}

describe.each(VARIANTS)('clocks over %s', (name) => {
  describe.each(KINDS)('%s', (kind) => {
    it('timeout', async () => {
      const { stub } = await rig(name, SILENT);
      const error = await rejection(CALLS[kind](stub, { timeout: 40, idleTimeout: 5_000 }));
      expectDeadline(error, /^the call took longer than its timeout of 40 ms$/);
    });

    it('idleTimeout', async () => {
      const { stub } = await rig(name, SILENT);
      const error = await rejection(CALLS[kind](stub, { timeout: 5_000, idleTimeout: 40 }));
      expectDeadline(error, /^no message either way within the idleTimeout of 40 ms$/);
    });
  });

  it('deadline', async () => {
    const { stub } = await rig(name, SILENT);
    const deadline = new Date(Date.now() + 40);
    const error = await rejection(stub.unary({ n: 1 }, { deadline, timeout: 5_000 }));
    expectDeadline(error, /^the deadline passed$/);
  });

  it('a connection leaves the call to the other clocks', async () => {
    const { stub } = await rig(name, SILENT);
    const options = { connectTimeout: 1_000, timeout: 1_200 };
    const error = await rejection(stub.unary({ n: 1 }, options));
    expectDeadline(error, /timeout of 1200 ms$/);
  });

  it('messages either way wind up the idle clock', async () => {
    const { stub } = await rig(name, {
      async *bidiStream(stream) {
        for await (const message of stream) yield message;
      },
    });
    const stream = stub.bidiStream({ idleTimeout: 400 });
    const began = Date.now();
    for (let n = 0; Date.now() - began < 900; n += 1) {
      await stream.write({ n });
      expect(await stream.read()).toEqual({ n });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await stream.doneWriting();
    expect(await stream.read()).toBe(EOF);
  });

  it('an idle clock does not wait for a reader who waits for more', async () => {
    const { stub } = await rig(name, {
      async serverStream(_request, { signal }, stream) {
        await stream.write({ n: 1 });
        await untilCancelled(signal);
      },
    });
    const stream = stub.serverStream({ n: 0 }, { idleTimeout: 100 });
    expect(await soon(stream.readBatch(2, 10_000), 'what has come')).toEqual([{ n: 1 }]);
    expectDeadline(await rejection(stream.read()), /idleTimeout of 100 ms$/);
  });

  it.each([
    ['read', (stream: ReadStream<Message>) => stream.read()],
    [
      'readBatch',
      async (stream: ReadStream<Message>) => {
        const batch = await stream.readBatch(5);
        return batch === EOF ? EOF : batch[0];
      },
    ],
  ])('an idle clock waits for a reader, and starts anew at the %s', async (_how, read) => {
    const go = later();
    const { stub } = await rig(name, {
      async *serverStream() {
        yield { n: 1 };
        yield { n: 2 };
        await go.promise;
        yield { n: 3 };
      },
    });
    const stream = stub.serverStream({ n: 0 }, { idleTimeout: 1_000 });
    expect(await stream.read()).toEqual({ n: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await read(stream)).toEqual({ n: 2 });
    // The clock ran on at 1 s: had it not started anew at the read, it would run out at 2 s.
    await new Promise((resolve) => setTimeout(resolve, 650));
    go.resolve();
    expect(await stream.read()).toEqual({ n: 3 });
    expect(await stream.read()).toBe(EOF);
  });

  it('waits for a server no longer than connectTimeout', async () => {
    const { transport, client, server, address } = await rig(name, {});
    await client.close();
    await server.close();
    const late = connect(address, transport === undefined ? {} : { transport });
    whenOver(() => late.close());
    const options = { waitForReady: true, connectTimeout: 60, timeout: 5_000 };
    const error = await rejection(late.stub(Stories).unary({ n: 1 }, options));
    expectDeadline(error, /^no connection for the call within its connectTimeout of 60 ms$/);
    const refused = await rejection(late.stub(Stories).unary({ n: 1 }, { connectTimeout: 5_000 }));
    expect(refused).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('heeds a signal that aborts while interceptors run', async () => {
    const { stub } = await rig(name, SILENT);
    const controller = new AbortController();
    const options: CallOptions = {
      signal: controller.signal,
      interceptors: [
        (_call, next) => {
          controller.abort(new Error('changed my mind'));
          return next();
        },
      ],
    };
    const error = await rejection(stub.unary({ n: 1 }, options));
    expect(error).toMatchObject({
      code: Status.CANCELLED,
      cause: expect.objectContaining({ message: 'changed my mind' }),
    });
  });

  it.each([
    ['connectTimeout', 0],
    ['idleTimeout', 0],
    ['connectTimeout', -1],
    ['idleTimeout', Number.NaN],
    ['idleTimeout', '5'],
  ])('refuses %s: %p', async (option, value) => {
    const { stub } = await rig(name, SILENT);
    const error = await rejection(stub.unary({ n: 1 }, { [option]: value }));
    expect((error as Error).message).toMatch(new RegExp(`^${option} must be `));
    expect(RpcError.is(error)).toBe(false);
  });
});

describe('connectTimeout', () => {
  it.each([true, false])('notices a server that says nothing; waitForReady: %p', async (wait) => {
    const mute = createServer((socket) => {
      socket.on('error', () => {});
      whenOver(() => socket.destroy());
    });
    await new Promise<void>((resolve) => {
      mute.listen(0, '127.0.0.1', resolve);
    });
    whenOver(() => mute.close());
    const client = connect(`127.0.0.1:${(mute.address() as { port: number }).port}`);
    whenOver(() => client.close());
    const options = { connectTimeout: 80, waitForReady: wait };
    const error = await rejection(client.stub(Stories).unary({ n: 1 }, options));
    expectDeadline(error, /connectTimeout of 80 ms$/);
  });

  const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));
  const withoutConnection: [string, ClientInterceptor][] = [
    [
      'that an interceptor answers',
      async ({ stream }) => {
        await stream.write({ n: 1 });
        await pause(80);
        await stream.write({ n: 2 });
      },
    ],
    [
      'between two attempts',
      async ({ stream }, next) => {
        await next().catch(() => pause(80));
        await stream.writeAll([{ n: 1 }, { n: 2 }]);
      },
    ],
  ];
  it.each(withoutConnection)('leaves a call alone %s', async (_which, interceptor) => {
    const failing: Handlers = {
      serverStream: (_request, ctx) => ctx.abort(Status.UNAVAILABLE, 'not now'),
    };
    const { client, stub } = await rig('grpc', failing, {
      client: { interceptors: [interceptor] },
    });
    await client.waitForReady();
    const replies = stub.serverStream({ n: 0 }, { connectTimeout: 50 });
    expect(await soon(replies.read(), 'the first reply')).toEqual({ n: 1 });
    expect(await soon(replies.read(), 'the second reply')).toEqual({ n: 2 });
  });

  it('knows the connection of a call whose channel has turned away from a closing server', async () => {
    const answer = later();
    const { client, server, stub } = await rig('grpc', {
      unary: async () => {
        await answer.promise;
        return { n: 2 };
      },
    });
    await client.waitForReady();
    const reply = stub.unary({ n: 1 }, { connectTimeout: 100 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closed = server.close({ grace: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    answer.resolve();
    expect(await soon(reply, 'the reply')).toEqual({ n: 2 });
    await closed;
  });

  it('knows the connection of a Unix socket', async () => {
    const { server } = await rig('grpc', SILENT);
    const { address } = await server.listen(`unix:${join(tmpdir(), `clocks-${process.pid}.sock`)}`);
    const client = connect(address);
    whenOver(() => client.close());
    const options = { connectTimeout: 300, timeout: 500 };
    const error = await rejection(client.stub(Stories).unary({ n: 1 }, options));
    expectDeadline(error, /timeout of 500 ms$/);
  });
});
