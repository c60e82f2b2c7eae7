import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import {
  type RpcError,
  Status,
  toNodeReadable,
  toNodeWritable,
  toWebReadable,
  toWebWritable,
} from 'tributary';
import {
  aborted,
  atRest,
  later,
  type Message,
  numbered,
  rejection,
  rig,
  soon,
  TRANSPORTS,
  turns,
} from '../stories/harness.js';

// Random, so that it is as large compressed.
const BIG = randomBytes(48_000).toString('base64');

describe.each(TRANSPORTS)('streams as others have them, over %s', (transport) => {
  it('a web stream of replies gives them all and ends', async () => {
    const { stub } = await rig(transport, { serverStream: () => numbered(5) });
    const seen: number[] = [];
    for await (const { n } of toWebReadable(stub.serverStream({ n: 0 }))) seen.push(n);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  it('a Node stream of replies gives them all and ends', async () => {
    const { stub } = await rig(transport, { serverStream: () => numbered(5) });
    const seen = await toNodeReadable(stub.serverStream({ n: 0 })).toArray();
    expect(seen.map(({ n }: Message) => n)).toEqual([0, 1, 2, 3, 4]);
  });

  it('the error comes behind everything that came before it, and is the RpcError', async () => {
    // grpc-js may drop what it has not handed up when an error comes: there it has to wait.
    let allSeen = later();
    const { stub } = await rig(transport, {
      async serverStream(_request, ctx, stream) {
        for (const message of numbered(10)) await stream.write(message);
        await allSeen.promise;
        ctx.abort(Status.DATA_LOSS, 'gone');
      },
    });
    for (const kind of ['web', 'node'] as const) {
      const call = stub.serverStream({ n: 0 });
      if (transport === 'memory') {
        allSeen.resolve();
        expect((await call.status()).code).toBe(Status.DATA_LOSS);
      }
      const stream = kind === 'web' ? toWebReadable(call) : toNodeReadable(call);
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { n } of stream as AsyncIterable<Message>) {
          seen.push(n);
          if (seen.length === 10) allSeen.resolve();
          await turns(1);
        }
      })();
      expect(await rejection(reading)).toMatchObject({ code: Status.DATA_LOSS, details: 'gone' });
      expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      allSeen = later();
    }
  });

  it('cancelling or destroying the readable cancels the call', async () => {
    const signals: AbortSignal[] = [];
    const { stub } = await rig(transport, {
      async serverStream(_request, { signal }, stream) {
        signals.push(signal);
        await stream.write({ n: 1 });
        await aborted(signal);
      },
    });
    const web = stub.serverStream({ n: 0 });
    const reader = toWebReadable(web).getReader();
    expect((await reader.read()).value).toEqual({ n: 1 });
    const pending = reader.read();
    await soon(reader.cancel(), 'the cancel');
    expect((await pending).done).toBe(true);
    expect(await soon(web.status(), 'the status')).toMatchObject({
      code: Status.CANCELLED,
      details: 'the web stream was cancelled',
    });

    const node = stub.serverStream({ n: 0 });
    for await (const _message of toNodeReadable(node)) break;
    expect(await soon(node.status(), 'the status')).toMatchObject({ code: Status.CANCELLED });
    for (const signal of signals) await soon(aborted(signal), 'the handler to hear of it');
  });

  it('a slow reader of the web or Node stream slows the writer', async () => {
    let written = 0;
    const { stub } = await rig(
      transport,
      {
        async serverStream(_request, { signal }, stream) {
          for (const message of numbered(10_000, BIG)) {
            if (signal.aborted) return;
            await stream.write(message).catch(() => {});
            written += 1;
          }
        },
      },
      { byForce: true },
    );
    for (const adapt of [toWebReadable, toNodeReadable]) {
      written = 0;
      const call = stub.serverStream({ n: 0 });
      const stream = adapt(call) as ReadableStream | Readable;
      const iterator = (stream as AsyncIterable<Message>)[Symbol.asyncIterator]();
      await iterator.next();
      expect(await atRest(() => written)).toBeLessThan(1_000);
      await iterator.return?.();
      await call.status();
    }
  });

  it('web and Node writables write with backpressure, and their end half-closes', async () => {
    const { stub } = await rig(transport, {
      async clientStream(stream) {
        let n = 0;
        for await (const message of stream) n += message.n;
        return { n };
      },
    });
    const web = stub.clientStream();
    await Readable.toWeb(Readable.from(numbered(10))).pipeTo(toWebWritable(web));
    expect(await web.response()).toEqual({ n: 45 });

    const node = stub.clientStream();
    await pipeline(Readable.from(numbered(10)), toNodeWritable(node));
    expect(await node.response()).toEqual({ n: 45 });
  });

  it('a writable waits for the peer', async () => {
    const go = later();
    const { stub } = await rig(transport, {
      async clientStream(stream) {
        await go.promise;
        let n = 0;
        for await (const _message of stream) n += 1;
        return { n };
      },
    });
    let pulled = 0;
    const source = function* (): Generator<Message> {
      for (const message of numbered(100, BIG)) {
        pulled += 1;
        yield message;
      }
    };
    const call = stub.clientStream({ highWaterMark: 1024 });
    const sent = pipeline(source, toNodeWritable(call));
    expect(await atRest(() => pulled)).toBeLessThan(100);
    go.resolve();
    await soon(sent, 'everything to be sent');
    expect(await call.response()).toEqual({ n: 100 });
  });

  it('aborting or destroying a writable cancels the call, with the reason as cause', async () => {
    const { stub } = await rig(transport, {
      async clientStream(stream) {
        for await (const _message of stream);
        return { n: 0 };
      },
    });
    const reason = new Error('changed my mind');
    const web = stub.clientStream();
    await toWebWritable(web).abort(reason);
    expect(await rejection(web.response())).toMatchObject({
      code: Status.CANCELLED,
      cause: reason,
    });

    const node = stub.clientStream();
    toNodeWritable(node).destroy();
    const error = (await rejection(node.response())) as RpcError;
    expect(error.code).toBe(Status.CANCELLED);
    expect(String(error.cause)).toContain('the Node stream was destroyed');
  });

  it('a pipeline that fails destroys its writable, and so the call', async () => {
    const { stub } = await rig(transport, {
      async clientStream(stream) {
        for await (const _message of stream);
        return { n: 0 };
      },
    });
    const boom = new Error('boom');
    const call = stub.clientStream();
    const source = async function* (): AsyncGenerator<Message> {
      yield { n: 1 };
      throw boom;
    };
    expect(await rejection(pipeline(source, toNodeWritable(call)))).toBe(boom);
    expect(await rejection(call.response())).toMatchObject({ code: Status.CANCELLED, cause: boom });
  });

  it('a writable fails with the call’s error, and leaves unread replies alone', async () => {
    const { stub } = await rig(transport, {
      async bidiStream(_stream, ctx) {
        ctx.abort(Status.NOT_FOUND, 'nobody here');
      },
    });
    for (const kind of ['web', 'node'] as const) {
      const call = stub.bidiStream();
      await call.status();
      const sent =
        kind === 'web'
          ? Readable.toWeb(Readable.from(numbered(3))).pipeTo(toWebWritable(call))
          : pipeline(Readable.from(numbered(3)), toNodeWritable(call));
      expect(await rejection(sent)).toMatchObject({ code: Status.NOT_FOUND });
      expect(await rejection(call.read())).toMatchObject({ code: Status.NOT_FOUND });
    }
  });

  it('handlers can use them, too', async () => {
    const { stub } = await rig(transport, {
      async bidiStream(stream) {
        const double = new TransformStream<Message, Message>({
          transform: ({ n }, controller) => controller.enqueue({ n: n * 2 }),
        });
        await toWebReadable(stream).pipeThrough(double).pipeTo(toWebWritable(stream));
      },
    });
    const seen: number[] = [];
    for await (const { n } of stub.bidiStream(numbered(4))) seen.push(n);
    expect(seen).toEqual([0, 2, 4, 6]);
  });

  it('a handler’s writable that is destroyed ends the call with an error', async () => {
    const { stub, takeErrors } = await rig(transport, {
      async serverStream(_request, _ctx, stream) {
        const writable = toNodeWritable(stream);
        writable.on('error', () => {});
        writable.destroy(new Error('secret'));
        await new Promise((resolve) => writable.on('close', resolve));
      },
    });
    const error = (await rejection(stub.serverStream({ n: 0 }).read())) as RpcError;
    expect(error.code).toBe(Status.UNKNOWN);
    expect(error.details).not.toContain('secret');
    expect(takeErrors()).toEqual([new Error('secret')]);
  });
});

describe('what the adapters refuse', () => {
  it('anything that is no stream of ours', () => {
    for (const adapt of [toWebReadable, toNodeReadable]) {
      expect(() => adapt(Readable.from([]) as never)).toThrow(
        /^to(Web|Node)Readable stream must be a ReadStream, got .+ without ready\(\)$/,
      );
    }
    for (const adapt of [toWebWritable, toNodeWritable]) {
      expect(() => adapt(null as never)).toThrow(
        /^to(Web|Node)Writable stream must be a WriteStream, got null without write\(\)$/,
      );
    }
  });
});
