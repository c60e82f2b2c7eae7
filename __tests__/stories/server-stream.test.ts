import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EOF, RpcError, Status } from 'tributary';
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

const serverStream: Kind = {
  handler: (act) => ({
    serverStream: (_request, ctx, stream) =>
      Promise.resolve(act(ctx)).then(() => stream.write({ n: 1 })),
  }),
  call: async (stub, options) => {
    const [reply] = await collect(stub.serverStream({ n: 0 }, options));
    return reply as Message;
  },
};

/** Of a kind that stays large when it is compressed. */
const KILOBYTES_10 = randomBytes(7_500).toString('base64');

describe.each(TRANSPORTS)('server streaming over %s', (transport) => {
  describe('basic', () => {
    it('a generator answers, a loop reads', async () => {
      const { stub } = await rig(transport, {
        async *serverStream({ n }) {
          yield* numbered(n);
        },
      });
      expect(await collect(stub.serverStream({ n: 3 }))).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    });

    it('a handler writes, read() reads, then EOF for ever', async () => {
      const { stub } = await rig(transport, {
        async serverStream({ n }, _ctx, stream) {
          for (let i = 0; i < n; i += 1) await stream.write({ n: i });
        },
      });
      const stream = stub.serverStream({ n: 2 });
      expect(await stream.read()).toEqual({ n: 0 });
      expect(await stream.read()).toEqual({ n: 1 });
      for (let i = 0; i < 3; i += 1) expect(await stream.read()).toBe(EOF);
      expect(await collect(stream)).toEqual([]);
      expect(await stream.status()).toMatchObject({ code: Status.OK });
    });

    it.each([
      ['an async generator', async function* () {}],
      ['a sync generator', function* (): Generator<Message> {}],
      ['an array', () => [] as Message[]],
      ['a promise of nothing', async () => {}],
      ['a promise of an array', (async () => []) as never],
    ])('an empty stream from %s', async (_what, handler) => {
      const { stub } = await rig(transport, { serverStream: handler });
      expect(await collect(stub.serverStream({ n: 0 }))).toEqual([]);
    });

    it('many messages come in order, whether writes are awaited or not', async () => {
      const { stub } = await rig(transport, {
        async serverStream({ n }, ctx, stream) {
          for (const each of numbered(n)) {
            const written = stream.write(each);
            if (ctx.metadata.get('await').length > 0) await written;
          }
        },
      });
      const expected = [...numbered(5_000)];
      expect(await collect(stub.serverStream({ n: 5_000 }))).toEqual(expected);
      const awaited = stub.serverStream({ n: 5_000 }, { metadata: { await: 'yes' } });
      expect(await collect(awaited)).toEqual(expected);
    });

    it('writeAll and doneWriting', async () => {
      const { stub } = await rig(transport, {
        async serverStream({ n }, _ctx, stream) {
          await stream.writeAll(numbered(n));
          await stream.doneWriting();
          await stream.doneWriting();
        },
      });
      expect(await collect(stub.serverStream({ n: 4 }))).toHaveLength(4);
    });

    it('a message is encoded when it is written: later changes do not show', async () => {
      const { stub } = await rig(transport, {
        async serverStream(_request, _ctx, stream) {
          const message = { n: 1 };
          const written = stream.write(message);
          message.n = 2;
          await written;
        },
      });
      expect(await collect(stub.serverStream({ n: 0 }))).toEqual([{ n: 1 }]);
    });

    it('read(timeout) is null when nothing comes, and loses nothing', async () => {
      const go = later();
      const { stub } = await rig(transport, {
        async *serverStream() {
          await go.promise;
          yield* numbered(2);
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read(0)).toBeNull();
      expect(await stream.read(10)).toBeNull();
      const controller = new AbortController();
      const reason = new Error('no longer wanted');
      const read = rejection(stream.read({ signal: controller.signal, timeout: 60_000 }));
      controller.abort(reason);
      expect(await read).toBe(reason);
      go.resolve();
      expect(await stream.read(60_000)).toEqual({ n: 0 });
      expect(await stream.read(Infinity)).toEqual({ n: 1 });
      expect(await stream.read(60_000)).toBe(EOF);
    });

    it('concurrent reads are answered in order, and all settle at the end', async () => {
      const { stub } = await rig(transport, { serverStream: () => numbered(2) });
      const stream = stub.serverStream({ n: 0 });
      const reads = Array.from({ length: 4 }, () => stream.read());
      expect(await Promise.all(reads)).toEqual([{ n: 0 }, { n: 1 }, EOF, EOF]);
    });

    it('a bad request throws at the call, bad options too', async () => {
      const { stub } = await rig(transport, { serverStream: () => [] });
      expect(() => stub.serverStream(undefined as never)).toThrow(TypeError);
      expect(() => stub.serverStream({ n: 1 }, { timeout: -1 })).toThrow(RangeError);
      expect(() => stub.serverStream({ n: 1 }, { prefetchBytes: 0 })).toThrow(/prefetchBytes/);
      expect(() => stub.serverStream({ n: 1 }, { n: 2 } as never)).toThrow(/no option 'n'/);
    });
  });

  sharedStories(transport, serverStream);

  describe('metadata', () => {
    it('headers() resolves with what was sent before the first message', async () => {
      const go = later();
      const { stub } = await rig(transport, {
        async *serverStream(_request, ctx) {
          ctx.sendHeaders({ first: 'h' });
          await go.promise;
          yield { n: 1 };
          ctx.trailers.set('late', 't');
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect((await soon(stream.headers(), 'the headers')).get('first')).toEqual(['h']);
      go.resolve();
      expect(await collect(stream)).toEqual([{ n: 1 }]);
      expect((await stream.status()).trailers.get('late')).toEqual(['t']);
      expect((await stream.headers()).get('first')).toEqual(['h']);
    });

    it('headers() rejects if the call fails before any came', async () => {
      const { stub } = await rig(transport, {
        async serverStream() {
          throw new RpcError(Status.NOT_FOUND, 'nothing');
        },
      });
      const stream = stub.serverStream({ n: 0 });
      const headers = rejection(stream.headers());
      expect(await stream.status()).toMatchObject({ code: Status.NOT_FOUND });
      expect(await headers).toMatchObject({ code: Status.NOT_FOUND });
      expect(await rejection(stream.headers())).toMatchObject({ code: Status.NOT_FOUND });
    });

    it('headers cannot be sent after the first message', async () => {
      const { stub } = await rig(transport, {
        async serverStream(_request, ctx, stream) {
          await stream.write({ n: 1 });
          await turns(1);
          ctx.sendHeaders({ too: 'late' });
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toEqual({ n: 1 });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.FAILED_PRECONDITION });
    });

    it('headers sent after an un-awaited write are refused, or arrive', async () => {
      let sent = true;
      const { stub } = await rig(transport, {
        async serverStream(_request, ctx, stream) {
          void stream.write({ n: 1 });
          try {
            ctx.sendHeaders({ late: 'h' });
          } catch {
            sent = false;
          }
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await collect(stream)).toEqual([{ n: 1 }]);
      expect((await stream.headers()).get('late')).toEqual(sent ? ['h'] : []);
    });
  });

  describe('error', () => {
    it('after the first messages: they are delivered before it', async () => {
      const { stub } = await rig(transport, {
        async *serverStream() {
          yield* numbered(3);
          throw new RpcError(Status.DATA_LOSS, 'that was all');
        },
      });
      const stream = stub.serverStream({ n: 0 });
      const received: Message[] = [];
      const failed = rejection(
        (async () => {
          for await (const each of stream) received.push(each);
        })(),
      );
      expect(await failed).toMatchObject({ code: Status.DATA_LOSS, details: 'that was all' });
      expect(received).toEqual([...numbered(3)]);
      for (let i = 0; i < 2; i += 1) {
        expect(await rejection(stream.read())).toMatchObject({ code: Status.DATA_LOSS });
      }
    });

    it('after messages that were not awaited: they are delivered before it', async () => {
      const { stub } = await rig(transport, {
        async serverStream(_request, _ctx, stream) {
          for (const each of numbered(100)) void stream.write(each);
          throw new RpcError(Status.DATA_LOSS);
        },
      });
      const stream = stub.serverStream({ n: 0 });
      for (let n = 0; n < 100; n += 1) expect(await stream.read()).toEqual({ n });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.DATA_LOSS });
    });

    it('a generator that throws something foreign is UNKNOWN', async () => {
      const { stub, takeErrors } = await rig(transport, {
        // biome-ignore lint/correctness/useYield: it fails before it yields
        async *serverStream() {
          throw new Error('the secret');
        },
      });
      expect(await rejection(stub.serverStream({ n: 0 }).read())).toMatchObject({
        code: Status.UNKNOWN,
      });
      expect(takeErrors()).toEqual([new Error('the secret')]);
    });

    it('a handler that returns what cannot be iterated is INTERNAL', async () => {
      const { stub, takeErrors } = await rig(transport, { serverStream: (() => 5) as never });
      expect(await rejection(stub.serverStream({ n: 0 }).read())).toMatchObject({
        code: Status.INTERNAL,
      });
      expect(takeErrors()).toMatchObject([{ message: expect.stringContaining('5 (number)') }]);
    });

    it('a message that does not fit is refused and the call lives on', async () => {
      const { stub } = await rig(transport, {
        async serverStream(_request, _ctx, stream) {
          const refusal = await rejection(stream.write(undefined as never));
          await stream.write({ n: 1, text: (refusal as Error).name });
        },
      });
      expect(await collect(stub.serverStream({ n: 0 }))).toEqual([{ n: 1, text: 'TypeError' }]);
    });

    it('a refusal that nobody looked at ends the call INTERNAL, and is reported once', async () => {
      const { stub, takeErrors } = await rig(transport, {
        async serverStream(_request, _ctx, stream) {
          await stream.write({ n: 1 });
          void stream.write(undefined as never);
          await stream.write({ n: 2 });
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toEqual({ n: 1 });
      expect(await stream.read()).toEqual({ n: 2 });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.INTERNAL });
      await turns();
      expect(takeErrors()).toMatchObject([{ name: 'TypeError' }]);
    });

    it('so does one before doneWriting(), which rejects with it; it is reported once', async () => {
      const refused = later<unknown>();
      const { stub, takeErrors } = await rig(transport, {
        async serverStream(_request, _ctx, stream) {
          void stream.write(undefined as never);
          try {
            await stream.doneWriting();
          } catch (error) {
            refused.resolve(error);
            throw error;
          }
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.INTERNAL });
      expect(await soon(refused.promise, 'doneWriting')).toBeInstanceOf(TypeError);
      await turns();
      expect(takeErrors()).toMatchObject([{ name: 'TypeError' }]);
    });

    it('an un-awaited write beyond maxBufferedBytes is refused', async () => {
      const refused = later<unknown>();
      const { stub } = await rig(
        transport,
        {
          async serverStream(_request, _ctx, stream) {
            void stream.write({ n: 1, text: KILOBYTES_10 });
            refused.resolve(await rejection(stream.write({ n: 2, text: KILOBYTES_10 })));
            await stream.write({ n: 3 });
          },
        },
        { highWaterMark: 10_000, maxBufferedBytes: 15_000 },
      );
      const replies = await collect(stub.serverStream({ n: 0 }));
      expect(replies.map(({ n }) => n)).toEqual([1, 3]);
      expect(await refused.promise).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    });
  });

  describe('cancel', () => {
    it('cancel(reason): pending and later reads reject, the unread is dropped', async () => {
      const told = later<unknown>();
      const { stub } = await rig(transport, {
        async serverStream(_request, ctx, stream) {
          await stream.write({ n: 0 });
          told.resolve(await aborted(ctx.signal));
        },
      });
      const stream = stub.serverStream({ n: 0 });
      await stream.read();
      const pending = rejection(stream.read());
      stream.cancel('enough');
      expect(await pending).toMatchObject({ code: Status.CANCELLED, details: 'enough' });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.CANCELLED });
      expect(await rejection(stream.read(0))).toMatchObject({ code: Status.CANCELLED });
      expect(await stream.status()).toMatchObject({ code: Status.CANCELLED, details: 'enough' });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
      stream.cancel('again');
      expect(await stream.status()).toMatchObject({ details: 'enough' });
    });

    it.each([
      ['break', 'break'],
      ['an exception in the loop', 'throw'],
    ])('leaving the loop by %s cancels the call and returns the generator', async (_what, how) => {
      const left = later();
      const told = later<unknown>();
      const { stub } = await rig(transport, {
        async *serverStream(_request, ctx) {
          void aborted(ctx.signal).then(told.resolve);
          try {
            for (let n = 0; ; n += 1) yield { n };
          } finally {
            left.resolve();
          }
        },
      });
      const stream = stub.serverStream({ n: 0 });
      const loop = async (): Promise<void> => {
        for await (const { n } of stream) {
          if (n < 10) continue;
          if (how === 'throw') throw new Error('mine');
          break;
        }
      };
      if (how === 'throw') expect(await rejection(loop())).toEqual(new Error('mine'));
      else await soon(loop(), 'the loop');
      expect(await stream.status()).toMatchObject({ code: Status.CANCELLED });
      await soon(left.promise, "the generator's finally");
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
    });

    it('values({ preventCancel: true }) leaves the call alone', async () => {
      const { stub } = await rig(transport, { serverStream: () => numbered(5) });
      const stream = stub.serverStream({ n: 0 });
      for await (const { n } of stream.values({ preventCancel: true })) if (n === 1) break;
      expect(await stream.read()).toEqual({ n: 2 });
      expect(await collect(stream)).toEqual([{ n: 3 }, { n: 4 }]);
    });

    it('await using cancels what has not ended', async () => {
      const told = later<unknown>();
      const { stub } = await rig(transport, {
        async serverStream(_request, ctx, stream) {
          await stream.write({ n: 0 });
          told.resolve(await aborted(ctx.signal));
        },
      });
      const stream = stub.serverStream({ n: 0 });
      await stream.read();
      await soon(stream[Symbol.asyncDispose](), 'the disposal');
      expect(await stream.status()).toMatchObject({ code: Status.CANCELLED });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
      await stream[Symbol.asyncDispose]();
    });

    it('await using leaves what has ended', async () => {
      const { stub } = await rig(transport, { serverStream: () => numbered(2) });
      const stream = stub.serverStream({ n: 0 });
      expect(await collect(stream)).toHaveLength(2);
      await stream[Symbol.asyncDispose]();
      expect(await stream.status()).toMatchObject({ code: Status.OK });
      expect(await stream.read()).toBe(EOF);
    });

    it('a handler held in write() is let go', async () => {
      const held = later<unknown>();
      let accepted = 0;
      const { stub } = await rig(transport, {
        async serverStream(_request, _ctx, stream) {
          for (; ; accepted += 1) {
            await stream.write({ n: 0, text: KILOBYTES_10 }).catch((error: unknown) => {
              held.resolve(error);
              throw error;
            });
          }
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await atRest(() => accepted)).toBeGreaterThan(0);
      stream.cancel();
      expect(await soon(held.promise, 'write() to reject')).toMatchObject({
        code: Status.CANCELLED,
      });
    });

    it('in the tick of the call: nothing is left on the server', async () => {
      const { stub, server } = await rig(transport, {
        async serverStream(_request, ctx) {
          throw await aborted(ctx.signal);
        },
      });
      const early = stub.serverStream({ n: 0 });
      early.cancel();
      await early.status();
      const warm = stub.serverStream({ n: 0 }, { timeout: 50 });
      await warm.status();
      stub.serverStream({ n: 0 }).cancel();
      await turns();
      await soon(server.close({ grace: 20_000 }), 'the server to drain');
    });
  });

  describe('deadline', () => {
    it('what arrived before it can be read, then it rejects', async () => {
      const { stub } = await rig(transport, {
        async serverStream(_request, ctx, stream) {
          await stream.write({ n: 0 });
          throw await aborted(ctx.signal);
        },
      });
      const stream = stub.serverStream({ n: 0 }, { timeout: 80 });
      expect(await stream.status()).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
      expect(await stream.read()).toEqual({ n: 0 });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    });

    it('a handler whose client does not read is let go by it', async () => {
      const held = later<unknown>();
      const { stub } = await rig(
        transport,
        {
          async serverStream(_request, _ctx, stream) {
            for (;;) {
              await stream.write({ n: 0, text: KILOBYTES_10 }).catch((error: unknown) => {
                held.resolve(error);
                throw error;
              });
            }
          },
        },
        { byForce: true },
      );
      stub.serverStream({ n: 0 }, { timeout: 300 });
      expect(await soon(held.promise, 'write() to reject')).toMatchObject({
        code: Status.DEADLINE_EXCEEDED,
      });
    });
  });

  describe('early end', () => {
    it('doneWriting() before the handler is done: the call is OK, later writes are refused', async () => {
      const errors = later<unknown[]>();
      const { stub } = await rig(transport, {
        async serverStream(_request, ctx, stream) {
          await stream.write({ n: 1 });
          ctx.trailers.set('in-time', 'yes');
          await stream.doneWriting();
          ctx.trailers.set('too-late', 'yes');
          const refusal = await rejection(stream.write({ n: 2 }));
          await turns();
          errors.resolve([refusal, ctx.cancelled]);
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await collect(stream)).toEqual([{ n: 1 }]);
      const { code, trailers } = await stream.status();
      expect([code, trailers.getMap()]).toMatchObject([Status.OK, { 'in-time': 'yes' }]);
      expect(trailers.get('too-late')).toEqual([]);
      const [refusal, cancelled] = await soon(errors.promise, 'the handler');
      expect(refusal).toMatchObject({ code: Status.FAILED_PRECONDITION });
      expect(cancelled).toBe(false);
    });

    it('an exception after doneWriting() is for onError alone', async () => {
      const { stub, takeErrors } = await rig(transport, {
        async serverStream(_request, _ctx, stream) {
          await stream.doneWriting();
          throw new Error('afterthought');
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toBe(EOF);
      await turns();
      expect(takeErrors()).toEqual([new Error('afterthought')]);
    });

    it('headers cannot be sent once the call has ended', async () => {
      const outcome = later<unknown>();
      const { stub } = await rig(transport, {
        async serverStream(_request, ctx, stream) {
          await stream.doneWriting();
          await turns();
          try {
            outcome.resolve(ctx.sendHeaders({ too: 'late' }));
          } catch (error) {
            outcome.resolve(error);
          }
        },
      });
      expect(await stub.serverStream({ n: 0 }).read()).toBe(EOF);
      expect(await soon(outcome.promise, 'sendHeaders')).toMatchObject({
        code: Status.FAILED_PRECONDITION,
      });
    });

    it('status() comes before the last message is read, and reads nothing', async () => {
      const { stub } = await rig(transport, { serverStream: () => numbered(10) });
      const stream = stub.serverStream({ n: 0 });
      expect(await soon(stream.status(), 'the status')).toMatchObject({ code: Status.OK });
      expect(await collect(stream)).toEqual([...numbered(10)]);
    });
  });

  describe('slow reader', () => {
    it('the writer is held: a bounded amount is accepted, then all arrives in order', async () => {
      const total = 3_000;
      let accepted = 0;
      const { stub } = await rig(transport, {
        async serverStream(_request, _ctx, stream) {
          for (const each of numbered(total, KILOBYTES_10)) {
            await stream.write(each);
            accepted += 1;
          }
        },
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toMatchObject({ n: 0 });
      expect(await atRest(() => accepted)).toBeLessThan(300);
      let expected = 1;
      for await (const { n } of stream) {
        expect(n).toBe(expected);
        expected += 1;
      }
      expect(expected).toBe(total);
    });

    it('a generator is held too', async () => {
      let pulled = 0;
      const { stub } = await rig(transport, {
        *serverStream() {
          for (const each of numbered(1_000, KILOBYTES_10)) {
            pulled += 1;
            yield each;
          }
        },
      });
      const stream = stub.serverStream({ n: 0 });
      await stream.read();
      expect(await atRest(() => pulled)).toBeLessThan(300);
      expect(await collect(stream)).toHaveLength(999);
    });

    it('prefetchBytes bounds what is read ahead; a bigger message still comes', async () => {
      const { stub } = await rig(transport, { serverStream: () => numbered(50, KILOBYTES_10) });
      const stream = stub.serverStream({ n: 0 }, { prefetchBytes: 1 });
      expect(await collect(stream)).toHaveLength(50);
    });
  });

  describe('lost connection', () => {
    it('a pending read rejects, a held write too', async () => {
      const held = later<unknown>();
      let accepted = 0;
      const { stub, cut } = await rig(
        transport,
        {
          async serverStream(_request, _ctx, stream) {
            for (; ; accepted += 1) {
              await stream.write({ n: 0, text: KILOBYTES_10 }).catch((error: unknown) => {
                held.resolve(error);
                throw error;
              });
            }
          },
        },
        { cuttable: true },
      );
      const stream = stub.serverStream({ n: 0 });
      expect(await atRest(() => accepted)).toBeGreaterThan(0);
      cut();
      expect(await soon(stream.status(), 'the status')).toMatchObject({ code: Status.UNAVAILABLE });
      expect(await soon(held.promise, 'write() to reject')).toMatchObject({
        code: Status.UNAVAILABLE,
      });
      expect(await rejection(collect(stream))).toMatchObject({ code: Status.UNAVAILABLE });
    });
  });
});
