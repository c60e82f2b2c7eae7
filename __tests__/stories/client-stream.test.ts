import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type CallOptions, EOF, RpcError, Status } from 'tributary';
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

const clientStream: Kind = {
  handler: (act) => ({
    clientStream: (stream, ctx) =>
      Promise.resolve(act(ctx))
        .then(() => collect(stream))
        .then(() => ({ n: 1 })),
  }),
  call: async (stub, options) => {
    const stream = stub.clientStream(options);
    await stream.write({ n: 0 });
    return await stream.finish();
  },
};

/** Of a kind that stays large when it is compressed. */
const KILOBYTES_10 = randomBytes(7_500).toString('base64');

/** Adds up what comes. */
const sum = {
  async clientStream(stream: AsyncIterable<Message>): Promise<Message> {
    let n = 0;
    for await (const each of stream) n += each.n;
    return { n };
  },
};

describe.each(TRANSPORTS)('client streaming over %s', (transport) => {
  describe('basic', () => {
    it('write, doneWriting, response', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      await stream.write({ n: 1 });
      await stream.write({ n: 2 });
      await stream.doneWriting();
      await stream.doneWriting();
      expect(await stream.response()).toEqual({ n: 3 });
      expect(stream.response()).toBe(stream.response());
      expect(await stream.status()).toMatchObject({ code: Status.OK });
    });

    it('finish() is doneWriting() and the response', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      void stream.write({ n: 20 });
      void stream.write({ n: 22 });
      expect(await stream.finish()).toEqual({ n: 42 });
      expect(await stream.finish()).toEqual({ n: 42 });
    });

    it('read() gives the reply, then EOF; response() and loops go along with it', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      await stream.doneWriting();
      expect(await stream.read()).toEqual({ n: 0 });
      expect(await stream.read()).toBe(EOF);
      expect(await stream.read()).toBe(EOF);
      expect(await stream.response()).toEqual({ n: 0 });
      expect(await collect(stub.clientStream(numbered(3)))).toEqual([{ n: 3 }]);
    });

    it.each([
      ['an array', () => [...numbered(4)]],
      ['a generator', () => numbered(4)],
      [
        'an async generator',
        async function* () {
          yield* numbered(4);
        },
      ],
    ])('a source can be awaited: %s', async (_what, source) => {
      const { stub } = await rig(transport, sum);
      expect(await stub.clientStream(source())).toEqual({ n: 6 });
      const fed = stub.clientStream(source(), { timeout: 20_000 });
      expect(await fed.response()).toEqual({ n: 6 });
      expect(await fed.read()).toEqual({ n: 6 });
    });

    it('nothing written is an empty stream', async () => {
      const { stub } = await rig(transport, sum);
      expect(await stub.clientStream([])).toEqual({ n: 0 });
      expect(await stub.clientStream().finish()).toEqual({ n: 0 });
    });

    it('many messages come in order, whether writes are awaited or not', async () => {
      const { stub } = await rig(transport, {
        async clientStream(stream) {
          let next = 0;
          for (;;) {
            const each = await stream.read();
            if (each === EOF) return { n: next };
            if (each.n !== next) throw new RpcError(Status.DATA_LOSS, `${each.n} for ${next}`);
            next += 1;
          }
        },
      });
      expect(await stub.clientStream(numbered(5_000))).toEqual({ n: 5_000 });
      const stream = stub.clientStream();
      for (const each of numbered(5_000)) void stream.write(each);
      expect(await stream.finish()).toEqual({ n: 5_000 });
    });

    it('writeAll writes a source and leaves the stream open', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      await stream.writeAll(numbered(3));
      await stream.writeAll([{ n: 39 }]);
      expect(await stream.finish()).toEqual({ n: 42 });
    });

    it('a message is encoded when it is written: later changes do not show', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      const message = { n: 1 };
      const written = stream.write(message);
      message.n = 2;
      await written;
      expect(await stream.finish()).toEqual({ n: 1 });
    });

    it('a message is always accepted when the buffer is empty, whatever its size', async () => {
      const { stub } = await rig(transport, sum);
      const options = { highWaterMark: 1, maxBufferedBytes: 1 };
      const stream = stub.clientStream(options);
      await stream.write({ n: 1, text: KILOBYTES_10 });
      expect(await stream.finish()).toEqual({ n: 1 });
    });
  });

  sharedStories(transport, clientStream);

  describe('misuse', () => {
    it('what is neither source nor options is told what it is', async () => {
      const { stub } = await rig(transport, sum);
      const message = { name: 'jock' } as CallOptions;
      expect(() => stub.clientStream(message)).toThrow(
        new TypeError(
          'clientStream takes a source or options; got { name }. Did you mean stream.write(...)?',
        ),
      );
      expect(() => stub.clientStream('text' as never)).toThrow(/Did you mean stream.write/);
      expect(() => stub.clientStream(new Uint8Array(2) as never)).toThrow(/Uint8Array|Buffer/);
      expect(() => stub.clientStream({ timeout: -1 })).toThrow(RangeError);
      expect(() => stub.clientStream({ timeout: 1, naem: 2 } as CallOptions)).toThrow(/naem/);
      expect(() => stub.clientStream({ n: 1 } as never, {})).toThrow(/source of requests/);
    });

    it('a stream that is fed by a source says why it cannot be written to', async () => {
      const { stub } = await rig(transport, sum);
      const fed = stub.clientStream([]) as unknown as {
        write(message: Message): Promise<void>;
        doneWriting(): Promise<void>;
        response(): Promise<Message>;
      };
      const refusal = await rejection(fed.write({ n: 1 }));
      expect(refusal).toBeInstanceOf(TypeError);
      expect((refusal as Error).message).toContain('fed by the source');
      expect(await rejection(fed.doneWriting())).toBeInstanceOf(TypeError);
      expect(await fed.response()).toEqual({ n: 0 });
    });

    it('write after doneWriting() is refused and leaves the call alone', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      await stream.write({ n: 5 });
      const done = stream.doneWriting();
      expect(await rejection(stream.write({ n: 7 }))).toMatchObject({
        code: Status.FAILED_PRECONDITION,
      });
      await done;
      expect(stream.canWriteMore).toBe(false);
      expect(await stream.response()).toEqual({ n: 5 });
    });
  });

  describe('error', () => {
    it('response(), finish(), reads and writes reject with the same error', async () => {
      const { stub } = await rig(transport, {
        async clientStream() {
          throw new RpcError(Status.PERMISSION_DENIED, 'not you');
        },
      });
      const stream = stub.clientStream();
      const error = await rejection(stream.response());
      expect(error).toMatchObject({ code: Status.PERMISSION_DENIED, details: 'not you' });
      expect(await rejection(stream.read())).toBe(error);
      expect(await rejection(stream.write({ n: 1 }))).toBe(error);
      expect(await rejection(stream.doneWriting())).toBe(error);
      expect(await rejection(stream.finish())).toBe(error);
      expect(await rejection(stub.clientStream(numbered(3)))).toMatchObject({ code: 7 });
    });

    it('an exception in the source cancels the call and is the cause', async () => {
      const started = later();
      const told = later<unknown>();
      const { stub } = await rig(transport, {
        async clientStream(stream, ctx) {
          void aborted(ctx.signal).then(told.resolve);
          started.resolve();
          await collect(stream);
          return { n: 0 };
        },
      });
      const mine = new Error('my source failed');
      const source = async function* (): AsyncGenerator<Message> {
        yield { n: 0 };
        await started.promise;
        throw mine;
      };
      const error = await rejection(stub.clientStream(source()));
      expect(error).toMatchObject({ code: Status.CANCELLED, cause: mine });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
    });

    it('a source that cannot even start, too', async () => {
      const { stub } = await rig(transport, sum);
      const mine = new Error('mine');
      const source = {
        [Symbol.iterator](): Iterator<Message> {
          throw mine;
        },
      };
      expect(await rejection(stub.clientStream(source))).toMatchObject({
        code: Status.CANCELLED,
        cause: mine,
      });
    });

    it('writeAll rejects with what the source threw, and the call is cancelled', async () => {
      const { stub } = await rig(transport, sum);
      const mine = new Error('mine');
      const stream = stub.clientStream();
      const failed = rejection(
        stream.writeAll(
          (function* (): Generator<Message> {
            yield { n: 1 };
            throw mine;
          })(),
        ),
      );
      expect(await failed).toBe(mine);
      expect(await rejection(stream.response())).toMatchObject({
        code: Status.CANCELLED,
        cause: mine,
      });
    });

    it('a message of a source that does not fit cancels the call', async () => {
      const { stub } = await rig(transport, sum);
      let returned = false;
      const source = function* (): Generator<Message> {
        try {
          yield { n: 1 };
          yield undefined as never;
        } finally {
          returned = true;
        }
      };
      const error = await rejection(stub.clientStream(source()));
      expect(error).toMatchObject({ code: Status.CANCELLED });
      expect((error as Error).cause).toBeInstanceOf(TypeError);
      expect(returned).toBe(true);
    });

    it('a refused message that was awaited leaves the call alone', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      await stream.write({ n: 1 });
      expect(await rejection(stream.write(undefined as never))).toBeInstanceOf(TypeError);
      expect(await rejection(stream.write({ n: 1n } as never))).toBeInstanceOf(TypeError);
      await stream.write({ n: 2 });
      expect(await stream.finish()).toEqual({ n: 3 });
    });

    it('a refused message that nobody looked at: doneWriting() rejects, the call is cancelled', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      await stream.write({ n: 1 });
      void stream.write(undefined as never);
      await stream.write({ n: 2 });
      const refusal = await rejection(stream.doneWriting());
      expect(refusal).toBeInstanceOf(TypeError);
      const error = await rejection(stream.response());
      expect(error).toMatchObject({ code: Status.CANCELLED, cause: refusal });
      expect(await rejection(stream.finish())).toBe(refusal);
    });

    it('un-awaited writes beyond maxBufferedBytes are refused', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream({ highWaterMark: 10_000, maxBufferedBytes: 25_000 });
      const writes = Array.from({ length: 5 }, () => stream.write({ n: 1, text: KILOBYTES_10 }));
      const outcomes = await Promise.allSettled(writes);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'rejected',
        'rejected',
      ]);
      expect(outcomes[2]).toMatchObject({ reason: { code: Status.RESOURCE_EXHAUSTED } });
      expect(await stream.finish()).toEqual({ n: 2 });
    });

    it('a reply that does not fit its type is INTERNAL', async () => {
      const { stub, takeErrors } = await rig(transport, {
        clientStream: async () => undefined as never,
      });
      expect(await rejection(stub.clientStream([]))).toMatchObject({ code: Status.INTERNAL });
      expect(takeErrors()).toHaveLength(1);
    });
  });

  describe('cancel', () => {
    it('cancel(): the reply, pending reads and held writes reject', async () => {
      const told = later<unknown>();
      const { stub } = await rig(transport, {
        async clientStream(_stream, ctx) {
          told.resolve(await aborted(ctx.signal));
          return { n: 0 };
        },
      });
      const stream = stub.clientStream({ highWaterMark: 1 });
      await stream.write({ n: 0 });
      let accepted = 0;
      const held = rejection(
        (async () => {
          for (; ; accepted += 1) await stream.write({ n: 0, text: KILOBYTES_10 });
        })(),
      );
      await atRest(() => accepted);
      const all = Promise.all([
        held,
        rejection(stream.response()),
        rejection(stream.read()),
        rejection(stream.headers()),
      ]);
      stream.cancel('enough');
      for (const error of await all) {
        expect(error).toMatchObject({ code: Status.CANCELLED, details: 'enough' });
      }
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
    });

    it('a source gets its return() when the call is cancelled, also while it is being waited for', async () => {
      const returned = later();
      const { stub } = await rig(transport, {
        async clientStream(_stream, ctx) {
          throw await aborted(ctx.signal);
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
      const stream = stub.clientStream(source);
      const failed = rejection(stream.response());
      stream.cancel();
      expect(await failed).toMatchObject({ code: Status.CANCELLED });
      await soon(returned.promise, 'return()');
    });

    it('await using cancels', async () => {
      const { stub } = await rig(transport, sum);
      const stream = stub.clientStream();
      await stream.write({ n: 1 });
      await soon(stream[Symbol.asyncDispose](), 'the disposal');
      expect(await stream.status()).toMatchObject({ code: Status.CANCELLED });
    });

    it('reads and loops of the handler reject; leaving its loop does not cancel', async () => {
      const failed = later<unknown>();
      const started = later();
      const { stub } = await rig(transport, {
        async clientStream(stream) {
          await stream.read();
          started.resolve();
          try {
            await collect(stream);
          } catch (error) {
            failed.resolve(error);
            throw error;
          }
          return { n: 0 };
        },
      });
      const stream = stub.clientStream();
      await stream.write({ n: 0 });
      await soon(started.promise, 'the first request');
      stream.cancel();
      expect(await soon(failed.promise, 'the read')).toMatchObject({ code: Status.CANCELLED });
    });

    it('in the tick of the first write: nothing is left on the server', async () => {
      let open = 0;
      const { stub, server } = await rig(transport, {
        async clientStream(stream) {
          open += 1;
          try {
            await collect(stream);
            return { n: 0 };
          } finally {
            open -= 1;
          }
        },
      });
      for (let i = 0; i < 3; i += 1) {
        const stream = stub.clientStream();
        void stream.write({ n: 1 });
        stream.cancel();
        await stream.status();
        await stub.clientStream([]);
      }
      await soon(server.close({ grace: 20_000 }), 'the server to drain');
      expect(open).toBe(0);
    });
  });

  describe('early end', () => {
    it('the server answers while the client still writes: the client gets the answer', async () => {
      const { stub } = await rig(transport, {
        async clientStream(stream) {
          const first = await stream.read();
          return first === EOF ? { n: -1 } : first;
        },
      });
      const stream = stub.clientStream();
      await stream.write({ n: 7 });
      expect(await soon(stream.response(), 'the reply')).toEqual({ n: 7 });
      expect(await rejection(stream.write({ n: 8 }))).toMatchObject({
        code: Status.FAILED_PRECONDITION,
      });
      expect(await rejection(stream.doneWriting())).toMatchObject({
        code: Status.FAILED_PRECONDITION,
      });
      expect(await stream.finish()).toEqual({ n: 7 });
    });

    it('a held write is let go with FAILED_PRECONDITION', async () => {
      const go = later();
      const { stub } = await rig(transport, {
        async clientStream() {
          await go.promise;
          return { n: 7 };
        },
      });
      const stream = stub.clientStream();
      let accepted = 0;
      const held = rejection(
        (async () => {
          for (; ; accepted += 1) await stream.write({ n: 0, text: KILOBYTES_10 });
        })(),
      );
      expect(await atRest(() => accepted)).toBeLessThan(300);
      go.resolve();
      expect(await stream.response()).toEqual({ n: 7 });
      expect(await held).toMatchObject({ code: Status.FAILED_PRECONDITION });
    });

    it('the source gets its return(), and the reply is not lost', async () => {
      const returned = later();
      const { stub } = await rig(transport, {
        async clientStream(stream) {
          await stream.read();
          return { n: 7 };
        },
      });
      const source = async function* (): AsyncGenerator<Message> {
        try {
          for (let n = 0; ; n += 1) {
            yield { n };
            await turns(1);
          }
        } finally {
          returned.resolve();
        }
      };
      expect(await stub.clientStream(source())).toEqual({ n: 7 });
      await soon(returned.promise, "the source's finally");
    });

    it('an error does the same', async () => {
      const returned = later();
      const { stub } = await rig(transport, {
        async clientStream(stream) {
          for await (const { n } of stream) {
            if (n === 3) throw new RpcError(Status.INVALID_ARGUMENT, 'no more');
          }
          return { n: 0 };
        },
      });
      const source = async function* (): AsyncGenerator<Message> {
        try {
          for (let n = 0; ; n += 1) {
            yield { n };
            await turns(1);
          }
        } finally {
          returned.resolve();
        }
      };
      expect(await rejection(stub.clientStream(source()))).toMatchObject({
        code: Status.INVALID_ARGUMENT,
      });
      await soon(returned.promise, "the source's finally");
    });
  });

  describe('slow reader', () => {
    it('the writer is held: a bounded amount is accepted, then all arrives in order', async () => {
      const go = later();
      const total = 2_000;
      const { stub } = await rig(transport, {
        async clientStream(stream) {
          await go.promise;
          let next = 0;
          for await (const { n } of stream) {
            if (n !== next) throw new RpcError(Status.DATA_LOSS, `${n} came for ${next}`);
            next += 1;
          }
          return { n: next };
        },
      });
      const stream = stub.clientStream();
      let accepted = 0;
      const written = (async () => {
        for (const each of numbered(total, KILOBYTES_10)) {
          await stream.write(each);
          accepted += 1;
        }
      })();
      // On top of the buffers of the stream comes grpc-js's retry buffer, 1 MB a call.
      expect(await atRest(() => accepted)).toBeLessThan(300);
      expect(stream.canWriteMore).toBe(false);
      go.resolve();
      await soon(written, 'the writer');
      expect(await stream.finish()).toEqual({ n: total });
    });

    it('leaving the loop on the server holds the client until the handler ends', async () => {
      const go = later();
      const { stub } = await rig(transport, {
        async clientStream(stream) {
          for await (const { n } of stream) if (n === 2) break;
          await go.promise;
          return { n: 3 };
        },
      });
      const stream = stub.clientStream();
      let accepted = 0;
      const held = rejection(
        (async () => {
          for (let n = 0; ; n += 1) {
            await stream.write({ n, text: KILOBYTES_10 });
            accepted += 1;
          }
        })(),
      );
      expect(await atRest(() => accepted)).toBeLessThan(300);
      go.resolve();
      expect(await stream.response()).toEqual({ n: 3 });
      expect(await held).toMatchObject({ code: Status.FAILED_PRECONDITION });
    });
  });

  describe('lost connection', () => {
    it('held writes and pending reads reject on both sides', async () => {
      const serverRead = later<unknown>();
      const { stub, cut } = await rig(
        transport,
        {
          async clientStream(stream, ctx) {
            await stream.read();
            await aborted(ctx.signal);
            serverRead.resolve(await rejection(collect(stream)));
            return { n: 0 };
          },
        },
        { cuttable: true },
      );
      const stream = stub.clientStream();
      let accepted = 0;
      const held = rejection(
        (async () => {
          for (; ; accepted += 1) await stream.write({ n: 0, text: KILOBYTES_10 });
        })(),
      );
      const read = rejection(stream.read());
      await atRest(() => accepted);
      cut();
      expect(await held).toMatchObject({ code: Status.UNAVAILABLE });
      expect(await read).toMatchObject({ code: Status.UNAVAILABLE });
      expect(await soon(serverRead.promise, "the handler's read")).toMatchObject({
        code: Status.UNAVAILABLE,
      });
    });
  });
});
