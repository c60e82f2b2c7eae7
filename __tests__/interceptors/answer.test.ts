import { describe, expect, it } from '@jest/globals';
import { type ClientInterceptor, EOF, type Interceptor, RpcError, Status } from 'tributary';
import {
  collect,
  later,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  soon,
  turns,
} from '../stories/harness.js';
import { acting, call, echo, KINDS } from './kinds.js';

const SIDES = ['client', 'server'] as const;

describe.each(PLAIN_TRANSPORTS)('interceptors that answer by themselves over %s', (transport) => {
  describe.each(SIDES)('on the %s', (side) => {
    /** A rig whose interceptor is on this side and whose handlers must never begin. */
    const intercepted = (interceptor: Interceptor) =>
      rig(
        transport,
        acting(() => {
          throw new Error('the handler was called');
        }),
        side === 'client'
          ? { client: { interceptors: [interceptor] } }
          : { interceptors: [interceptor] },
      );

    it.each(KINDS)('with a message: %s', async (kind) => {
      const { stub } = await intercepted(async ({ stream }) => {
        await stream.write({ n: 42 });
      });
      expect(await call(stub, kind)).toEqual([{ n: 42 }]);
    });

    it.each(KINDS)('with an error, before anything is passed on: %s', async (kind) => {
      const { stub } = await intercepted(async () => {
        throw new RpcError(Status.PERMISSION_DENIED, 'not you');
      });
      const error = await rejection(call(stub, kind));
      expect(error).toMatchObject({ code: Status.PERMISSION_DENIED, details: 'not you' });
    });

    it.each(KINDS)('with an error thrown at once, not by a promise: %s', async (kind) => {
      const { stub } = await intercepted(() => {
        throw new RpcError(Status.ABORTED, 'no');
      });
      expect(await rejection(call(stub, kind))).toMatchObject({ code: Status.ABORTED });
    });

    it('with what it reads, as a handler would', async () => {
      const { stub } = await intercepted(async ({ stream }) => {
        for await (const message of stream) await stream.write(message);
      });
      expect(await collect(stub.bidiStream(numbered(500)))).toEqual([...numbered(500)]);
    });

    it('with replies that are read before its error', async () => {
      const { stub } = await intercepted(async ({ stream }) => {
        await stream.write({ n: 1 });
        await stream.write({ n: 2 });
        throw new RpcError(Status.ABORTED, 'enough');
      });
      const stream = stub.serverStream({ n: 0 });
      expect((await stream.status()).code).toBe(Status.ABORTED);
      expect(await stream.read()).toEqual({ n: 1 });
      expect(await stream.read()).toEqual({ n: 2 });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.ABORTED });
    });

    it('with more than a reader takes at once: it has to wait', async () => {
      let written = 0;
      const text = 'x'.repeat(1_000);
      const { stub } = await intercepted(async ({ stream }) => {
        for (; written < 5_000; written += 1) await stream.write({ n: written, text });
      });
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toMatchObject({ n: 0 });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(written).toBeLessThan(4_000);
      expect(await collect(stream)).toHaveLength(4_999);
    });

    it('with no message where there must be one: UNIMPLEMENTED, as in every gRPC', async () => {
      const { stub } = await intercepted(async () => {});
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNIMPLEMENTED });
      expect(await collect(stub.serverStream({ n: 1 }))).toEqual([]);
    });

    it('with a message that does not fit: it hears of that', async () => {
      let refusal: unknown;
      const { stub } = await intercepted(async ({ stream }) => {
        refusal = await stream.write({ n: 1n }).catch((error: unknown) => error);
        await stream.write({ n: 1 });
      });
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
      expect(refusal).toBeInstanceOf(TypeError);
    });
  });

  it.each(KINDS)('a client rejects after the call has ended well: %s', async (kind) => {
    const { stub } = await rig(transport, echo, {
      client: {
        interceptors: [
          async (_call, next) => {
            await next();
            throw new RpcError(Status.DATA_LOSS, 'on second thoughts');
          },
        ],
      },
    });
    expect(await rejection(call(stub, kind))).toMatchObject({
      code: Status.DATA_LOSS,
      details: 'on second thoughts',
    });
  });

  it.each(KINDS)('a server rejects after its handler has ended well: %s', async (kind) => {
    const { stub } = await rig(transport, echo, {
      interceptors: [
        async (_call, next) => {
          await next();
          throw new RpcError(Status.DATA_LOSS, 'on second thoughts');
        },
      ],
    });
    expect(await rejection(call(stub, kind))).toMatchObject({ code: Status.DATA_LOSS });
  });

  it.each(KINDS)(
    'a server sees what the handler has thrown, and may put it right: %s',
    async (kind) => {
      const mine = new TypeError('mine');
      let seen: unknown;
      const { stub } = await rig(
        transport,
        acting(() => {
          throw mine;
        }),
        {
          interceptors: [
            async ({ stream }, next) => {
              try {
                await next();
              } catch (error) {
                seen = error;
                await stream.write({ n: 7 });
              }
            },
          ],
        },
      );
      expect(await call(stub, kind)).toEqual([{ n: 7 }]);
      expect(seen).toBe(mine);
    },
  );

  it.each(KINDS)(
    'what a handler throws past its interceptors is told to onError once: %s',
    async (kind) => {
      const mine = new TypeError('the secret');
      const { stub, takeErrors } = await rig(
        transport,
        acting(() => {
          throw mine;
        }),
        { interceptors: [(_call, next) => next()] },
      );
      const error = (await rejection(call(stub, kind))) as RpcError;
      expect(error.code).toBe(Status.UNKNOWN);
      expect(error.details).not.toContain('secret');
      expect(takeErrors()).toEqual([mine]);
    },
  );

  it('a client makes an error good with replies of its own', async () => {
    const fallback: ClientInterceptor = async (intercepted, next) => {
      const { stream } = intercepted;
      try {
        await next();
      } catch {
        await stream.write({ n: 99 });
      }
    };
    const { stub } = await rig(
      transport,
      {
        async *serverStream(_request, ctx) {
          yield { n: 1 };
          ctx.abort(Status.UNAVAILABLE, 'gone');
        },
      },
      { client: { interceptors: [fallback] } },
    );
    expect(await collect(stub.serverStream({ n: 0 }))).toEqual([{ n: 1 }, { n: 99 }]);
  });

  it.each(['direct', 'through the stream'])(
    'a client that makes up for one left waiting hears no more of that: %s',
    async (way) => {
      const cancelled = later<unknown>();
      const impatient: ClientInterceptor = async (intercepted, next) => {
        if (way !== 'direct') void intercepted.stream;
        const first = later();
        intercepted.mapReplies(() => first.resolve());
        void next();
        await first.promise;
        throw new RpcError(Status.ABORTED, 'one is enough');
      };
      const fallback: ClientInterceptor = async ({ stream }, next) => {
        await next().catch(() => stream.write({ n: 98 }));
        await turns(20);
        await stream.write({ n: 99 });
      };
      const { stub } = await rig(
        transport,
        {
          async serverStream(_request, ctx, stream) {
            ctx.signal.addEventListener('abort', () => cancelled.resolve(ctx.signal.reason));
            await stream.write({ n: 1 });
            await turns(10);
            for (let n = 2; n < 10; n += 1) await stream.write({ n });
            await cancelled.promise;
          },
        },
        { client: { interceptors: [fallback, impatient] } },
      );
      expect(await collect(stub.serverStream({ n: 0 }))).toEqual([{ n: 1 }, { n: 98 }, { n: 99 }]);
      const reason = await soon(cancelled.promise, 'the first to be cancelled');
      expect(reason).toMatchObject({ code: Status.CANCELLED });
    },
  );

  it('a client takes the first request for itself and passes the others on', async () => {
    let first: unknown;
    const { stub } = await rig(transport, echo, {
      client: {
        interceptors: [
          async ({ stream }, next) => {
            first = await stream.read();
            if (first === EOF) return undefined;
            await stream.write({ n: -1 });
            return next();
          },
        ],
      },
    });
    expect(await collect(stub.bidiStream(numbered(3)))).toEqual([{ n: -1 }, { n: 1 }, { n: 2 }]);
    expect(first).toEqual({ n: 0 });
    expect(await collect(stub.bidiStream([]))).toEqual([]);
  });
});
