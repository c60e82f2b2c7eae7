import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { type CallContext, type CallOptions, RpcError, Status } from 'tributary';
import {
  aborted,
  type Handlers,
  later,
  type Message,
  type RigOptions,
  rejection,
  rig,
  type StoryStub,
  soon,
  TRANSPORTS,
  type TransportName,
} from '../stories/harness.js';

/** A chain of servers, each calling the next as part of the call it handles; the last one is given. */
async function chain(
  name: TransportName,
  hops: number,
  last: Handlers,
  options: { first?: RigOptions; passing?: CallOptions } = {},
): Promise<{ stub: StoryStub; contexts: CallContext[] }> {
  const contexts: CallContext[] = [];
  let { stub } = await rig(name, last);
  for (let hop = hops - 1; hop > 0; hop -= 1) {
    const next = stub;
    const pass: Handlers = {
      unary: (request: Message, ctx: CallContext) => {
        contexts.unshift(ctx);
        return next.unary(request, { ...options.passing, parent: ctx });
      },
      bidiStream: (stream, ctx) => {
        contexts.unshift(ctx);
        return next.bidiStream(stream, { ...options.passing, parent: ctx });
      },
    };
    ({ stub } = await rig(name, pass, hop === 1 ? options.first : {}));
  }
  return { stub, contexts };
}

describe.each(TRANSPORTS)('{ parent: ctx } over %s', (name) => {
  it.each([2, 3])('a cancel ends the handler %d hops away', async (hops) => {
    const reached = later<CallContext>();
    const { stub } = await chain(name, hops, {
      async unary(_request, ctx) {
        reached.resolve(ctx);
        await aborted(ctx.signal);
        return { n: 0 };
      },
    });
    const controller = new AbortController();
    const call = stub.unary({ n: 1 }, { signal: controller.signal });
    const ctx = await soon(reached.promise, 'the last handler to begin');
    controller.abort();
    expect(await rejection(call)).toMatchObject({ code: Status.CANCELLED });
    const reason = await soon(aborted(ctx.signal), 'the last handler to be cancelled');
    expect(reason).toMatchObject({ code: Status.CANCELLED });
  });

  it.each([2, 3])('a stream given up ends the handler %d hops away', async (hops) => {
    const reached = later<CallContext>();
    const { stub } = await chain(name, hops, {
      async bidiStream(stream, ctx) {
        reached.resolve(ctx);
        for await (const message of stream) await stream.write(message);
      },
    });
    const stream = stub.bidiStream();
    await stream.write({ n: 1 });
    expect(await soon(stream.read(), 'an echo through all hops')).toEqual({ n: 1 });
    const ctx = await reached.promise;
    stream.cancel();
    expect(await soon(aborted(ctx.signal), 'the last handler to be cancelled')).toMatchObject({
      code: Status.CANCELLED,
    });
  });

  it.each([2, 3])('the deadline arrives %d hops away, less what was used', async (hops) => {
    const { stub, contexts } = await chain(name, hops, {
      unary: (_request, ctx) => {
        const remaining = ctx.timeRemaining();
        return { n: remaining };
      },
    });
    const began = Date.now();
    const { n } = await stub.unary({ n: 1 }, { timeout: 4_000 });
    expect(n).toBeLessThanOrEqual(4_000);
    expect(n).toBeGreaterThan(4_000 - (Date.now() - began) - 20);
    for (const { deadline } of contexts) {
      expect(Math.abs((deadline as Date).getTime() - began - 4_000)).toBeLessThan(500);
    }
  });

  it('the deadline ends every handler on the way', async () => {
    const reached = later<CallContext>();
    const { stub } = await chain(name, 3, {
      async unary(_request, ctx) {
        reached.resolve(ctx);
        await aborted(ctx.signal);
        return { n: 0 };
      },
    });
    const error = await rejection(stub.unary({ n: 1 }, { timeout: 150 }));
    expect(error).toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
      details: 'the call took longer than its timeout of 150 ms',
    });
    // Those between may have failed with the call they made; that all of them end, closing tells.
    const { signal } = await reached.promise;
    expect(RpcError.is(await soon(aborted(signal), 'the last handler to end'))).toBe(true);
  });

  it('a call says that it was the deadline of its parent', async () => {
    const heard = later<unknown>();
    const far = await rig(name, {
      unary: (_request, ctx) => aborted(ctx.signal).then(() => ({ n: 0 })),
    });
    const near = await rig(
      name,
      {
        async unary(request, ctx) {
          heard.resolve(await rejection(far.stub.unary(request, { parent: ctx, timeout: 9_000 })));
          return { n: 0 };
        },
      },
      { maxCallDuration: 100 },
    );
    // The handler has heard of it before its own time is over, or just after.
    await near.stub.unary({ n: 1 }).catch(() => {});
    expect(await soon(heard.promise, 'the inner call to fail')).toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
      details: 'the deadline of the parent call passed',
    });
  });

  it('maxCallDuration is passed on, too', async () => {
    const { stub } = await chain(
      name,
      2,
      { unary: (_request, ctx) => ({ n: ctx.timeRemaining() }) },
      { first: { maxCallDuration: 3_000 } },
    );
    const { n } = await stub.unary({ n: 1 });
    expect(n).toBeGreaterThan(1_000);
    expect(n).toBeLessThanOrEqual(3_000);
  });

  it("a parent's own end leaves its calls alone", async () => {
    const go = later();
    const inner = later<Promise<Message>>();
    const far = await rig(name, { unary: () => go.promise.then(() => ({ n: 7 })) });
    const near = await rig(name, {
      unary(request, ctx) {
        inner.resolve(Promise.resolve(far.stub.unary(request, { parent: ctx })));
        return { n: 1 };
      },
    });
    const replies = near.stub.unary({ n: 1 }).then((reply) => {
      go.resolve();
      return reply;
    });
    expect(await replies).toEqual({ n: 1 });
    expect(await soon(inner.promise, 'the call of the handler')).toEqual({ n: 7 });
  });
});

it('10,000 calls with one signal and one parent leave no listener behind', async () => {
  const { signal } = new AbortController();
  const far = await rig('memory', { unary: (request) => request });
  let parent: AbortSignal | undefined;
  const near = await rig('memory', {
    async unary(request, ctx) {
      parent = ctx.signal;
      for (let i = 0; i < 100; i += 1) {
        const calls = Array.from({ length: 100 }, () =>
          far.stub.unary(request, { signal, parent: ctx, idleTimeout: 60_000 }),
        );
        await Promise.all(calls);
      }
      expect(getEventListeners(ctx.signal, 'abort')).toHaveLength(0);
      return request;
    },
  });
  await near.stub.unary({ n: 1 });
  expect(parent).toBeDefined();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
