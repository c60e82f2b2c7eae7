import { describe, expect, it } from '@jest/globals';
import { type ClientInterceptor, EOF, type Interceptor, Status } from 'tributary';
import {
  atRest,
  collect,
  later,
  type Message,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  soon,
} from '../stories/harness.js';

const passOn: Interceptor = (_call, next) => next();
const map: Interceptor = (intercepted, next) => {
  const again = (message: unknown) => ({ ...(message as Message) });
  intercepted.mapRequests(again);
  intercepted.mapReplies(again);
  return next();
};
const touch: ClientInterceptor = (intercepted, next) => {
  void intercepted.stream;
  return next();
};

const WAYS: [string, ClientInterceptor[]][] = [
  ['passed through', [passOn]],
  ['mapped', [map]],
  ['touched', [touch]],
  ['touched, mapped and passed through', [passOn, touch, map]],
];

/** A kilobyte, so that no buffer on the way takes all of the messages. */
const TEXT = 'x'.repeat(1_000);
const COUNT = 8_000;
/** What the buffers of both sides may hold between a writer and its reader, in messages. */
const MOST = 3_000;

describe.each(PLAIN_TRANSPORTS)('flow control through interceptors over %s', (transport) => {
  describe.each(WAYS)('%s', (_way, interceptors) => {
    const options = { interceptors: [map], client: { interceptors } };

    it('a slow reader holds the handler back, and loses nothing', async () => {
      let written = 0;
      const { stub } = await rig(
        transport,
        {
          *serverStream() {
            for (; written < COUNT; written += 1) yield { n: written, text: TEXT };
          },
        },
        options,
      );
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toMatchObject({ n: 0 });
      expect(await atRest(() => written)).toBeLessThan(MOST);
      const rest = await collect(stream);
      expect(rest.map(({ n }) => n)).toEqual([...numbered(COUNT)].slice(1).map(({ n }) => n));
    });

    it('a slow handler holds the writer back, and loses nothing', async () => {
      let written = 0;
      const go = later();
      const seen: number[] = [];
      const { stub } = await rig(
        transport,
        {
          async clientStream(stream) {
            await go.promise;
            for await (const { n } of stream) seen.push(n);
            return { n: seen.length };
          },
        },
        options,
      );
      const stream = stub.clientStream();
      const writing = (async () => {
        for (; written < COUNT; written += 1) await stream.write({ n: written, text: TEXT });
      })();
      expect(await atRest(() => written)).toBeLessThan(MOST);
      go.resolve();
      await soon(writing, 'the writer to go on');
      expect(await stream.finish()).toEqual({ n: COUNT });
      expect(seen).toEqual([...numbered(COUNT)].map(({ n }) => n));
    });

    it('what was read before an error is read before the error', async () => {
      const { stub } = await rig(
        transport,
        {
          async *serverStream(_request, ctx) {
            yield* numbered(100, TEXT);
            ctx.abort(Status.DATA_LOSS, 'the disk');
          },
        },
        options,
      );
      const stream = stub.serverStream({ n: 0 });
      expect((await soon(stream.status(), 'the status, without a read')).code).toBe(
        Status.DATA_LOSS,
      );
      for (const { n } of numbered(100)) expect(await stream.read()).toMatchObject({ n });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.DATA_LOSS });
    });

    it('a read that times out loses nothing, and a loop that is left cancels', async () => {
      const go = later();
      const cancelled = later();
      const { stub } = await rig(
        transport,
        {
          async *serverStream(_request, ctx) {
            ctx.signal.addEventListener('abort', () => cancelled.resolve());
            await go.promise;
            for (let n = 0; ; n += 1) yield { n };
          },
        },
        options,
      );
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read(20)).toBe(null);
      go.resolve();
      expect(await stream.read()).toEqual({ n: 0 });
      for await (const { n } of stream) if (n === 3) break;
      expect((await stream.status()).code).toBe(Status.CANCELLED);
      await soon(cancelled.promise, 'ctx.signal');
    });

    it('half-close and end arrive, one after the other', async () => {
      const { stub } = await rig(
        transport,
        {
          async bidiStream(stream) {
            for await (const message of stream) await stream.write(message);
            await stream.write({ n: -1 });
          },
        },
        options,
      );
      const stream = stub.bidiStream();
      await stream.write({ n: 1 });
      expect(await stream.read()).toEqual({ n: 1 });
      await stream.doneWriting();
      expect(await stream.read()).toEqual({ n: -1 });
      expect(await stream.read()).toBe(EOF);
      expect((await stream.status()).code).toBe(Status.OK);
    });
  });

  it('replies of a first attempt that nobody reads do not open the gates for the second', async () => {
    let attempts = 0;
    let written = 0;
    const { stub } = await rig(
      transport,
      {
        async bidiStream(stream, ctx) {
          attempts += 1;
          if (attempts === 1) ctx.abort(Status.UNAVAILABLE);
          for (; written < COUNT; written += 1) await stream.write({ n: written, text: TEXT });
        },
      },
      {
        client: {
          interceptors: [
            touch,
            async (_call, next) => {
              try {
                return await next();
              } catch {
                return next();
              }
            },
          ],
        },
      },
    );
    const stream = stub.bidiStream();
    expect(await stream.read()).toMatchObject({ n: 0 });
    expect(await atRest(() => written)).toBeLessThan(MOST);
    expect(await collect(stream)).toHaveLength(COUNT - 1);
  });
});
