import { describe, expect, it } from '@jest/globals';
import { type CallOptions, Status } from 'tributary';
import { rejection, rig, soon, TRANSPORTS, turns } from './harness.js';
import { type Kind, sharedStories } from './shared-stories.js';

const unary: Kind = {
  handler: (act) => ({
    unary: (_request, ctx) => Promise.resolve(act(ctx)).then(() => ({ n: 1 })),
  }),
  call: (stub, options) => stub.unary({ n: 0 }, options),
};

describe.each(TRANSPORTS)('unary calls over %s', (transport) => {
  describe('basic', () => {
    it('one request, one reply', async () => {
      const { stub } = await rig(transport, { unary: async ({ n }) => ({ n: n + 1 }) });
      expect(await stub.unary({ n: 41 })).toEqual({ n: 42 });
    });

    it('a handler need not be async', async () => {
      const { stub } = await rig(transport, { unary: ({ n }) => ({ n: n * 2 }) });
      expect(await stub.unary({ n: 21 })).toEqual({ n: 42 });
    });

    it('a big message goes there and back', async () => {
      const text = 'x'.repeat(3_000_000);
      const { stub } = await rig(transport, { unary: (request) => request });
      expect(await stub.unary({ n: 1, text })).toEqual({ n: 1, text });
    });

    it('the context names the method and the peer', async () => {
      const { stub } = await rig(transport, {
        unary: (_request, ctx) => ({ n: 0, text: `${ctx.method} ${ctx.peer !== ''}` }),
      });
      expect(await stub.unary({ n: 0 })).toEqual({ n: 0, text: '/test.Stories/Unary true' });
    });

    it('many at once each get their own reply', async () => {
      const { stub } = await rig(transport, {
        unary: async ({ n }) => {
          if (n % 3 === 0) await turns(1);
          return { n };
        },
      });
      const replies = await Promise.all(
        Array.from({ length: 300 }, (_each, n) => stub.unary({ n })),
      );
      expect(replies.map(({ n }) => n)).toEqual(Array.from({ length: 300 }, (_each, n) => n));
    });
  });

  sharedStories(transport, unary);

  describe('error', () => {
    it('a bad request, or bad options, reject and throw nothing', async () => {
      const { stub } = await rig(transport, { unary: (request) => request });
      const cases: [() => Promise<unknown>, RegExp][] = [
        [() => stub.unary(undefined as never), /JSON/],
        [() => stub.unary({ n: 1n } as never), /BigInt/],
        [() => stub.unary({ n: 1 }, { timeot: 5 } as CallOptions), /no option 'timeot'/],
        [() => stub.unary({ n: 1 }, { timeout: -1 }), /timeout must be 0 milliseconds or more/],
        [() => stub.unary({ n: 1 }, { timeout: Number.NaN }), /timeout/],
        [() => stub.unary({ n: 1 }, { timeout: '5' as never }), /'5' \(string\)/],
        [() => stub.unary({ n: 1 }, { deadline: new Date(Number.NaN) }), /valid Date/],
        [() => stub.unary({ n: 1 }, { signal: {} as never }), /signal must be an AbortSignal/],
        [() => stub.unary({ n: 1 }, null as never), /null/],
      ];
      for (const [call, words] of cases) {
        let promise: Promise<unknown> | undefined;
        expect(() => {
          promise = call();
        }).not.toThrow();
        const error = (await rejection(promise as Promise<unknown>)) as Error;
        expect([TypeError, RangeError]).toContain(error.constructor);
        expect(error.message).toMatch(words);
      }
    });

    it('a reply that does not fit its type is INTERNAL, its words for onError', async () => {
      const { stub, takeErrors } = await rig(transport, { unary: () => undefined as never });
      const error = await rejection(stub.unary({ n: 1 }));
      expect(error).toMatchObject({ code: Status.INTERNAL });
      expect((error as Error).message).not.toContain('JSON');
      expect(takeErrors()).toMatchObject([{ message: expect.stringContaining('JSON') }]);
    });

    it('without a handler it is UNIMPLEMENTED', async () => {
      const { stub } = await rig(transport, {});
      const error = await rejection(stub.unary({ n: 1 }));
      expect(error).toMatchObject({ code: Status.UNIMPLEMENTED });
      expect((error as Error).message).toContain('/test.Stories/Unary');
    });
  });

  describe('cancel', () => {
    it('in the tick of the call: nothing is left on the server', async () => {
      const { stub, server } = await rig(transport, { unary: (request) => request });
      await stub.unary({ n: 0 });
      const controller = new AbortController();
      const failed = rejection(stub.unary({ n: 1 }, { signal: controller.signal }));
      controller.abort();
      expect(await failed).toMatchObject({ code: Status.CANCELLED });
      await turns();
      await soon(server.close({ grace: 20_000 }), 'the server to drain');
    });
  });
});
