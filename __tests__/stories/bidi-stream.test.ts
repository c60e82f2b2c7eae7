import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type CallContext, type CallOptions, EOF, RpcError, Status } from 'tributary';
import {
  aborted,
  atRest,
  collect,
  later,
  type Message,
  numbered,
  rejection,
  rig,
  soon,
  TRANSPORTS,
  turns,
} from './harness.js';
import { type Kind, sharedStories } from './shared-stories.js';

const bidiStream: Kind = {
  handler: (act) => ({
    bidiStream: (stream, ctx) =>
      Promise.resolve(act(ctx))
        .then(() => collect(stream))
        .then(() => stream.write({ n: 1 })),
  }),
  call: async (stub, options) => {
    const stream = stub.bidiStream(options);
    await stream.write({ n: 0 });
    await stream.doneWriting();
    const [reply] = await collect(stream);
    return reply as Message;
  },
};

/** Of a kind that stays large when it is compressed. */
const KILOBYTES_10 = randomBytes(7_500).toString('base64');

/** Answers each request as it comes. */
const echo = {
  async *bidiStream(stream: AsyncIterable<Message>): AsyncGenerator<Message> {
    yield* stream;
  },
};

describe.each(TRANSPORTS)('bidirectional streaming over %s', (transport) => {
  describe('basic', () => {
    it('written and read by hand on both sides, turn by turn', async () => {
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          for (;;) {
            const request = await stream.read();
            if (request === EOF) break;
            await stream.write({ n: request.n + 1 });
          }
          await stream.write({ n: -1 });
          await stream.doneWriting();
        },
      });
      const stream = stub.bidiStream();
      for (const { n } of numbered(20)) {
        await stream.write({ n });
        expect(await stream.read()).toEqual({ n: n + 1 });
      }
      await stream.doneWriting();
      expect(await stream.read()).toEqual({ n: -1 });
      expect(await stream.read()).toBe(EOF);
      expect(await stream.status()).toMatchObject({ code: Status.OK });
    });

    it('a source on one side, a generator on the other', async () => {
      const { stub } = await rig(transport, echo);
      expect(await collect(stub.bidiStream(numbered(50)))).toEqual([...numbered(50)]);
      const asynchronous = async function* (): AsyncGenerator<Message> {
        for (const each of numbered(5)) {
          await turns(1);
          yield each;
        }
      };
      expect(await collect(stub.bidiStream(asynchronous()))).toEqual([...numbered(5)]);
    });

    it('styles mix on one stream', async () => {
      const { stub } = await rig(transport, echo);
      const stream = stub.bidiStream();
      await stream.writeAll(numbered(3));
      await stream.write({ n: 3 });
      expect(await stream.read()).toEqual({ n: 0 });
      for await (const { n } of stream.values({ preventCancel: true })) {
        expect(n).toBe(1);
        break;
      }
      await stream.doneWriting();
      expect(await collect(stream)).toEqual([{ n: 2 }, { n: 3 }]);
    });

    it('two empty streams', async () => {
      const { stub } = await rig(transport, echo);
      expect(await collect(stub.bidiStream([]))).toEqual([]);
      const stream = stub.bidiStream();
      await stream.doneWriting();
      expect(await stream.read()).toBe(EOF);
    });

    it('many messages come in order, both ways at once', async () => {
      const { stub } = await rig(transport, echo);
      const stream = stub.bidiStream();
      for (const each of numbered(5_000)) void stream.write(each);
      void stream.doneWriting();
      expect(await collect(stream)).toEqual([...numbered(5_000)]);
    });

    it('a hundred streams at once', async () => {
      const { stub } = await rig(transport, echo);
      const streams = Array.from({ length: 100 }, () => stub.bidiStream());
      for (let n = 0; n < 10; n += 1) {
        await Promise.all(streams.map((stream) => stream.write({ n })));
        const replies = await Promise.all(streams.map((stream) => stream.read()));
        expect(replies).toEqual(streams.map(() => ({ n })));
      }
      await Promise.all(streams.map((stream) => stream.doneWriting()));
      expect(await Promise.all(streams.map((stream) => stream.read()))).toEqual(
        streams.map(() => EOF),
      );
    });

    it('forEach on the server, several at once', async () => {
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          await stream.forEach(async ({ n }) => stream.write({ n: n * 2 }), { concurrency: 3 });
        },
      });
      const replies = await collect(stub.bidiStream(numbered(20)));
      expect(replies.map(({ n }) => n).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_each, n) => n * 2),
      );
    });
  });

  sharedStories(transport, bidiStream);

  describe('misuse', () => {
    it('what is neither source nor options is told what it is', async () => {
      const { stub } = await rig(transport, echo);
      expect(() => stub.bidiStream({ name: 'jock' } as CallOptions)).toThrow(
        new TypeError(
          'bidiStream takes a source or options; got { name }. Did you mean stream.write(...)?',
        ),
      );
      expect(() => stub.bidiStream({ timeout: '5' as never })).toThrow(/timeout/);
      expect(() => stub.bidiStream([], { n: 1 } as CallOptions)).toThrow(/no option 'n'/);
    });

    it('a stream that is fed by a source says why it cannot be written to', async () => {
      const { stub } = await rig(transport, echo);
      const fed = stub.bidiStream([]) as unknown as {
        write(message: Message): Promise<void>;
        writeAll(source: Message[]): Promise<void>;
        read(): Promise<unknown>;
      };
      for (const misuse of [fed.write({ n: 1 }), fed.writeAll([{ n: 1 }])]) {
        expect(((await rejection(misuse)) as Error).message).toContain('fed by the source');
      }
      expect(await fed.read()).toBe(EOF);
    });

    it('bad reads reject and say why', async () => {
      const { stub } = await rig(transport, echo);
      const stream = stub.bidiStream();
      for (const bad of [-1, Number.NaN, '5', null, { timeot: 1 }, { signal: 1 }]) {
        const error = await rejection(stream.read(bad as never));
        expect([TypeError, RangeError]).toContain((error as Error).constructor);
      }
      expect(await rejection(stream.writeAll(5 as never))).toBeInstanceOf(TypeError);
      stream.cancel();
    });
  });

  describe('error', () => {
    it('replies before the error are delivered before it; writes get the error', async () => {
      const { stub } = await rig(transport, {
        async *bidiStream(stream) {
          yield* numbered(3);
          await stream.read();
          throw new RpcError(Status.FAILED_PRECONDITION, 'not like this');
        },
      });
      const stream = stub.bidiStream();
      await stream.write({ n: 0 });
      expect(await stream.status()).toMatchObject({ code: Status.FAILED_PRECONDITION });
      expect(await rejection(stream.write({ n: 1 }))).toMatchObject({ details: 'not like this' });
      for (let n = 0; n < 3; n += 1) expect(await stream.read()).toEqual({ n });
      expect(await rejection(stream.read())).toMatchObject({ details: 'not like this' });
    });

    it('an exception in the source cancels the call; the reader gets it as the cause', async () => {
      const told = later<unknown>();
      const { stub } = await rig(transport, {
        async *bidiStream(stream, ctx) {
          void aborted(ctx.signal).then(told.resolve);
          yield* stream;
        },
      });
      const mine = new Error('mine');
      const received = later();
      const source = async function* (): AsyncGenerator<Message> {
        yield { n: 1 };
        await received.promise;
        throw mine;
      };
      const stream = stub.bidiStream(source());
      expect(await stream.read()).toEqual({ n: 1 });
      received.resolve();
      expect(await rejection(stream.read())).toMatchObject({
        code: Status.CANCELLED,
        cause: mine,
      });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
    });

    it('writeAll of the handler fails the call with what the source threw', async () => {
      const { stub, takeErrors } = await rig(transport, {
        async bidiStream(stream) {
          await stream.writeAll(
            (function* (): Generator<Message> {
              yield { n: 1 };
              throw new Error('the secret');
            })(),
          );
        },
      });
      const stream = stub.bidiStream();
      expect(await stream.read()).toEqual({ n: 1 });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.UNKNOWN });
      await turns();
      expect(takeErrors()).toEqual([new Error('the secret')]);
    });

    it('nothing that fails is ever an unhandled rejection', async () => {
      const unhandled: unknown[] = [];
      const listener = (reason: unknown): void => {
        unhandled.push(reason);
      };
      process.on('unhandledRejection', listener);
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          void stream.read();
          void stream.write(undefined as never).catch(() => {});
          throw new RpcError(Status.ABORTED);
        },
      });
      const stream = stub.bidiStream();
      void stream.read();
      void stream.read(5_000);
      void stream.headers();
      void stream.write({ n: 0 });
      void stream.writeAll(numbered(100_000, KILOBYTES_10));
      void stream.doneWriting();
      stub.bidiStream(numbered(100_000, KILOBYTES_10));
      stub.clientStream(numbered(10));
      stub.serverStream({ n: 1 });
      await stream.status();
      void stream.read();
      void stream.write({ n: 0 });
      void stream.doneWriting();
      await turns(20);
      process.off('unhandledRejection', listener);
      expect(unhandled).toEqual([]);
    });
  });

  describe('cancel', () => {
    it('a handler that waits in read() gets the cancellation, never EOF', async () => {
      const outcome = later<unknown>();
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          await stream.write({ n: (await stream.read()) === EOF ? 0 : 1 });
          const read = stream.read();
          read.then(outcome.resolve, outcome.resolve);
          await read;
        },
      });
      const stream = stub.bidiStream();
      await stream.write({ n: 0 });
      expect(await stream.read()).toEqual({ n: 1 });
      stream.cancel();
      expect(await soon(outcome.promise, "the handler's read")).toMatchObject({
        code: Status.CANCELLED,
      });
    });

    it('cancelled with requests unread: the handler gets no EOF behind them', async () => {
      const go = later();
      const outcome = later<unknown>();
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          await stream.write({ n: 1 });
          await go.promise;
          await turns(20);
          outcome.resolve(await collect(stream).catch((error: unknown) => error));
        },
      });
      const stream = stub.bidiStream();
      for (const each of numbered(10)) void stream.write(each);
      expect(await stream.read()).toEqual({ n: 1 });
      stream.cancel();
      go.resolve();
      expect(await soon(outcome.promise, 'the handler')).toMatchObject({
        code: Status.CANCELLED,
      });
    });

    it('pending reads and writes settle on both sides', async () => {
      const held = later<unknown>();
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          for (;;) {
            await stream.write({ n: 0, text: KILOBYTES_10 }).catch((error: unknown) => {
              held.resolve(error);
              throw error;
            });
          }
        },
      });
      const stream = stub.bidiStream();
      await stream.read();
      let accepted = 0;
      const write = rejection(
        (async () => {
          for (; ; accepted += 1) await stream.write({ n: 0, text: KILOBYTES_10 });
        })(),
      );
      await atRest(() => accepted);
      stream.cancel('both sides are stuck');
      expect(await write).toMatchObject({ code: Status.CANCELLED });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.CANCELLED });
      expect(await soon(held.promise, "the handler's write")).toMatchObject({
        code: Status.CANCELLED,
      });
    });

    it('leaving the loop cancels the call and returns the source', async () => {
      const returned = later();
      const { stub } = await rig(transport, echo);
      const source = function* (): Generator<Message> {
        try {
          for (let n = 0; ; n += 1) yield { n };
        } finally {
          returned.resolve();
        }
      };
      for await (const { n } of stub.bidiStream(source())) if (n === 10) break;
      await soon(returned.promise, "the source's finally");
    });

    it('leaving the loop on the server does not cancel', async () => {
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          for await (const { n } of stream) if (n === 2) break;
          await stream.write({ n: 42 });
        },
      });
      const stream = stub.bidiStream(numbered(1_000));
      expect(await collect(stream)).toEqual([{ n: 42 }]);
      expect(await stream.status()).toMatchObject({ code: Status.OK });
    });

    it('in the tick of the first write: the handler never starts, or is cancelled', async () => {
      const contexts: CallContext[] = [];
      const { stub, server } = await rig(transport, {
        async bidiStream(stream, ctx) {
          if (ctx.metadata.get('warm').length === 0) contexts.push(ctx);
          await collect(stream);
        },
      });
      for (let i = 0; i < 5; i += 1) {
        const stream = stub.bidiStream();
        void stream.write({ n: 1 });
        stream.cancel();
        await collect(stub.bidiStream([], { metadata: { warm: 'yes' } }));
      }
      await turns(20);
      expect(contexts.filter((ctx) => !ctx.cancelled)).toEqual([]);
      await soon(server.close({ grace: 20_000 }), 'the server to drain');
    });
  });

  describe('early end', () => {
    it('the server returns while the client still writes', async () => {
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          await stream.read();
          await stream.write({ n: 7 });
        },
      });
      const stream = stub.bidiStream();
      const writing = rejection(
        (async () => {
          for (;;) {
            await stream.write({ n: 0 });
            await turns(1);
          }
        })(),
      );
      expect(await stream.status()).toMatchObject({ code: Status.OK });
      expect(await writing).toMatchObject({ code: Status.FAILED_PRECONDITION });
      expect(await collect(stream)).toEqual([{ n: 7 }]);
      expect(await rejection(stream.doneWriting())).toMatchObject({
        code: Status.FAILED_PRECONDITION,
      });
    });

    it('doneWriting() of the handler: later reads are EOF, what is unread is dropped', async () => {
      const outcome = later<unknown[]>();
      const { stub } = await rig(transport, {
        async bidiStream(stream, ctx) {
          await stream.read();
          await stream.write({ n: 1 });
          await stream.doneWriting();
          const after = [await stream.read(), await stream.read(0), await collect(stream)];
          await turns();
          outcome.resolve([...after, ctx.cancelled]);
        },
      });
      const stream = stub.bidiStream();
      for (const each of numbered(5)) void stream.write(each);
      expect(await collect(stream)).toEqual([{ n: 1 }]);
      expect(await stream.status()).toMatchObject({ code: Status.OK });
      expect(await soon(outcome.promise, 'the handler')).toEqual([EOF, EOF, [], false]);
    });

    it('reads that are pending when the handler is done writing get EOF', async () => {
      const read = later<unknown>();
      const { stub } = await rig(transport, {
        async bidiStream(stream) {
          void stream.read().then(read.resolve, read.resolve);
          await turns(1);
          await stream.doneWriting();
        },
      });
      const stream = stub.bidiStream();
      expect(await stream.read()).toBe(EOF);
      expect(await soon(read.promise, 'the read')).toBe(EOF);
    });

    it('the source gets its return(), even while it is being waited for', async () => {
      const returned = later();
      const { stub } = await rig(transport, {
        async *bidiStream() {
          yield { n: 7 };
        },
      });
      const source: AsyncIterable<Message> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => {}),
          return: async () => {
            returned.resolve();
            return { value: undefined, done: true };
          },
        }),
      };
      expect(await collect(stub.bidiStream(source))).toEqual([{ n: 7 }]);
      await soon(returned.promise, 'return()');
    });
  });

  describe('slow reader', () => {
    it('a client that does not read holds the server, which holds the client', async () => {
      const total = 2_000;
      const { stub } = await rig(transport, echo);
      const stream = stub.bidiStream();
      let accepted = 0;
      const written = (async () => {
        for (const each of numbered(total, KILOBYTES_10)) {
          await stream.write(each);
          accepted += 1;
        }
        await stream.doneWriting();
      })();
      expect(await atRest(() => accepted)).toBeLessThan(500);
      let next = 0;
      for await (const { n } of stream) {
        expect(n).toBe(next);
        next += 1;
      }
      await soon(written, 'the writer');
      expect(next).toBe(total);
    });
  });

  describe('lost connection', () => {
    it('a handler that waits in read() gets UNAVAILABLE, never EOF', async () => {
      const outcome = later<unknown>();
      const { stub, cut } = await rig(
        transport,
        {
          async bidiStream(stream) {
            await stream.write({ n: 1 });
            const read = stream.read();
            read.then(outcome.resolve, outcome.resolve);
            await read;
          },
        },
        { cuttable: true },
      );
      const stream = stub.bidiStream();
      expect(await stream.read()).toEqual({ n: 1 });
      const pending = rejection(stream.read());
      cut();
      expect(await pending).toMatchObject({ code: Status.UNAVAILABLE });
      expect(await soon(outcome.promise, "the handler's read")).toMatchObject({
        code: Status.UNAVAILABLE,
      });
    });

    it('what had arrived can still be read', async () => {
      const sent = later();
      const { stub, cut } = await rig(
        transport,
        {
          async bidiStream(stream, ctx) {
            await stream.writeAll(numbered(3));
            sent.resolve();
            throw await aborted(ctx.signal);
          },
        },
        { cuttable: true },
      );
      const stream = stub.bidiStream();
      expect(await stream.read()).toEqual({ n: 0 });
      await soon(sent.promise, 'the replies');
      await turns(20);
      cut();
      expect(await stream.status()).toMatchObject({ code: Status.UNAVAILABLE });
      expect(await stream.read()).toEqual({ n: 1 });
      expect(await stream.read()).toEqual({ n: 2 });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.UNAVAILABLE });
    });
  });
});
