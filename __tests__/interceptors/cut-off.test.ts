import { describe, expect, it } from '@jest/globals';
import {
  type CallContext,
  type ClientInterceptor,
  RpcError,
  type ServerInterceptor,
  Status,
} from 'tributary';
import {
  aborted,
  later,
  PLAIN_TRANSPORTS,
  type Rig,
  rejection,
  rig,
  soon,
  turns,
} from '../stories/harness.js';
import { acting, call, KINDS, type KindName } from './kinds.js';

/** Ends calls from outside, each in its way. */
const CUTS: [string, number, (rig: Rig, controller: AbortController) => void][] = [
  ['the signal', Status.CANCELLED, (_rig, controller) => controller.abort(new Error('enough'))],
  ['the deadline', Status.DEADLINE_EXCEEDED, () => {}],
  ['the client is closed', Status.CANCELLED, ({ client }) => void client.close()],
];

const never = () => new Promise<never>(() => {});

describe.each(PLAIN_TRANSPORTS)('calls that are cut off over %s', (transport) => {
  describe.each(CUTS)('%s', (what, code, cut) => {
    const start = async (kind: KindName, interceptor: ClientInterceptor, touches: boolean) => {
      const begun = later();
      const told = later<unknown>();
      const handled = later<unknown>();
      const touching: ClientInterceptor[] = [
        (intercepted, next) => {
          void intercepted.stream;
          return next();
        },
      ];
      const whole = await rig(
        transport,
        acting(async (_request, ctx) => {
          begun.resolve();
          handled.resolve(await aborted(ctx.signal));
        }),
        {
          byForce: true,
          client: {
            interceptors: [
              ...(touches ? touching : []),
              (intercepted, next) => {
                void aborted(intercepted.signal).then(told.resolve);
                return interceptor(intercepted, next);
              },
            ],
          },
        },
      );
      const controller = new AbortController();
      const timeout = what === 'the deadline' ? 300 : 60_000;
      const { signal } = controller;
      const failed = rejection(call(whole.stub, kind, [{ n: 1 }], { signal, timeout }));
      return { begun, told, handled, failed, cut: () => cut(whole, controller) };
    };

    describe.each([false, true])('stream touched: %s', (touches) => {
      it.each(KINDS)(
        'while an interceptor waits, and for ever, before next(): %s',
        async (kind) => {
          const { told, failed, cut } = await start(kind, never, touches);
          await turns();
          cut();
          expect(await failed).toMatchObject({ code });
          expect(await soon(told.promise, 'call.signal')).toMatchObject({ code });
        },
      );

      it.each(KINDS)(
        'while it is passed on: next() rejects, the handler is told: %s',
        async (kind) => {
          const rejected = later<unknown>();
          const { begun, told, handled, failed, cut } = await start(
            kind,
            async (_call, next) => {
              try {
                await next();
              } catch (error) {
                rejected.resolve(error);
                throw error;
              }
            },
            touches,
          );
          await soon(begun.promise, 'the handler to begin');
          cut();
          expect(await failed).toMatchObject({ code });
          expect(await soon(rejected.promise, 'next() to reject')).toMatchObject({ code });
          // At the deadline the news may come from the other side first.
          if (what !== 'the deadline') {
            expect(await soon(told.promise, 'call.signal')).toMatchObject({ code });
          }
          await soon(handled.promise, 'ctx.signal');
        },
      );

      it.each(KINDS)('and next() comes too late: %s', async (kind) => {
        const refused = later<unknown>();
        const goOn = later();
        const { failed, cut } = await start(
          kind,
          async (_call, next) => {
            await goOn.promise;
            refused.resolve(await rejection(next()));
          },
          touches,
        );
        await turns();
        cut();
        await failed;
        goOn.resolve();
        expect(await soon(refused.promise, 'next()')).toMatchObject({
          code: Status.FAILED_PRECONDITION,
        });
      });
    });
  });

  it.each(KINDS)('while an interceptor waits after next(): %s', async (kind) => {
    const { stub } = await rig(
      transport,
      acting(() => {}),
      {
        client: {
          interceptors: [
            async (_call, next) => {
              await next();
              await never();
            },
          ],
        },
      },
    );
    const error = await rejection(call(stub, kind, [{ n: 1 }], { timeout: 300 }));
    expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  it.each(KINDS)('a lost connection is an error of next(), not the end: %s', async (kind) => {
    const begun = later();
    const failed = later<unknown>();
    let signal: AbortSignal | undefined;
    const { stub, cut } = await rig(
      transport,
      acting(async (_request, ctx) => {
        begun.resolve();
        await aborted(ctx.signal);
      }),
      {
        cuttable: true,
        client: {
          interceptors: [
            async (intercepted, next) => {
              ({ signal } = intercepted);
              await next().catch((error: unknown) => failed.resolve(error));
              throw new RpcError(Status.ABORTED, 'in its stead');
            },
          ],
        },
      },
    );
    const replies = rejection(call(stub, kind));
    await soon(begun.promise, 'the handler to begin');
    cut();
    expect(await soon(failed.promise, 'next()')).toMatchObject({ code: Status.UNAVAILABLE });
    expect(await replies).toMatchObject({ code: Status.ABORTED });
    expect(signal?.aborted).toBe(false);
  });

  describe('on a server', () => {
    /** Begins a call whose handler never comes back, and cancels it. */
    const stuck = async (kind: KindName, interceptor: ServerInterceptor, handler = never) => {
      const begun = later<CallContext>();
      const whole = await rig(
        transport,
        acting((_request, ctx) => {
          begun.resolve(ctx);
          return handler();
        }),
        { interceptors: [interceptor] },
      );
      const controller = new AbortController();
      const failed = rejection(call(whole.stub, kind, [{ n: 1 }], { signal: controller.signal }));
      await soon(begun.promise, 'the handler to begin');
      controller.abort();
      await failed;
      return whole;
    };

    it.each(KINDS)('next() rejects though the handler is stuck: %s', async (kind) => {
      const rejected = later<unknown>();
      await stuck(kind, async ({ signal }, next) => {
        await next().catch((error: unknown) => rejected.resolve([error, signal.reason]));
      });
      const [error, reason] = (await soon(rejected.promise, 'next() to reject')) as unknown[];
      expect(error).toMatchObject({ code: Status.CANCELLED });
      expect(error).toBe(reason);
    });

    it.each(['unary', 'clientStream'] as const)(
      'what the handler throws after that reaches onError: %s',
      async (kind) => {
        const goOn = later();
        const late = new TypeError('late');
        const { takeErrors } = await stuck(
          kind,
          (_call, next) => next(),
          async () => {
            await goOn.promise;
            throw late;
          },
        );
        await turns(20);
        expect(takeErrors()).toEqual([]);
        goOn.resolve();
        await turns(20);
        expect(takeErrors()).toEqual([late]);
      },
    );

    it.each(KINDS)('one that waits before next() calls no handler any more: %s', async (kind) => {
      const waiting = later();
      const refused = later<unknown>();
      const { stub } = await rig(
        transport,
        acting(() => {
          throw new Error('the handler was called');
        }),
        {
          interceptors: [
            async ({ signal }, next) => {
              waiting.resolve();
              await aborted(signal);
              refused.resolve(await rejection(next()));
            },
          ],
        },
      );
      const controller = new AbortController();
      const failed = rejection(call(stub, kind, [{ n: 1 }], { signal: controller.signal }));
      await soon(waiting.promise, 'the interceptor to begin');
      controller.abort();
      await failed;
      expect(await soon(refused.promise, 'next() to reject')).toMatchObject({
        code: Status.CANCELLED,
      });
    });

    it('a server that shuts down does not wait for interceptors', async () => {
      const begun = later();
      const { stub, server } = await rig(
        transport,
        acting(() => {}),
        {
          interceptors: [
            () => {
              begun.resolve();
              return never();
            },
          ],
        },
      );
      const failed = rejection(stub.unary({ n: 1 }));
      await soon(begun.promise, 'the interceptor to begin');
      await soon(server.close({ grace: 0 }), 'the server to close');
      expect(await failed).toMatchObject({ code: Status.UNAVAILABLE });
    });
  });
});
