import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CallContext, MemoryTransport, type RpcError, Server, Status } from 'tributary';
import {
  aborted,
  atRest,
  collect,
  later,
  numbered,
  type RigOptions,
  rejection,
  rig,
  soon,
  TRANSPORTS,
  turns,
  within,
} from '../stories/harness.js';

const FULL = {
  code: Status.RESOURCE_EXHAUSTED,
  details: 'the server handles as many calls as it may, and no more can wait',
};

/** A server whose calls run until they are told to end; notes who has begun, in order. */
async function held(name: (typeof TRANSPORTS)[number], options: RigOptions) {
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  const contexts = new Map<number, CallContext>();
  const side = await rig(
    name,
    {
      async unary(request, ctx) {
        begun.push(request.n);
        contexts.set(request.n, ctx);
        const go = later();
        ends.set(request.n, go.resolve);
        await Promise.race([go.promise, aborted(ctx.signal)]);
        return request;
      },
      async clientStream(stream) {
        return { n: (await collect(stream)).length };
      },
    },
    options,
  );
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    const check = async (): Promise<void> => {
      while (!holds()) await turns(1);
    };
    await soon(check(), what);
  };
  return {
    ...side,
    begun,
    contexts,
    end: (n: number) => ends.get(n)?.(),
    hasBegun: (n: number) => until(`call ${n} to begin`, () => begun.includes(n)),
  };
}

describe.each(TRANSPORTS)('maxConcurrentCalls over %s', (name) => {
  it('so many run, so many wait in order, any more fail at once', async () => {
    const { stub, begun, end, hasBegun } = await held(name, {
      maxConcurrentCalls: 2,
      maxQueuedCalls: 3,
    });
    const calls: Promise<unknown>[] = [];
    for (let n = 1; n <= 5; n += 1) {
      calls.push(stub.unary({ n }));
      if (n <= 2) await hasBegun(n);
    }
    expect(await rejection(stub.unary({ n: 6 }))).toMatchObject(FULL);
    expect(await rejection(stub.clientStream().response())).toMatchObject(FULL);
    expect(begun).toEqual([1, 2]);
    for (let n = 1; n <= 5; n += 1) {
      await hasBegun(n);
      end(n);
    }
    expect(await soon(Promise.all(calls), 'all calls')).toHaveLength(5);
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('a place is free as soon as its call is over', async () => {
    const { stub } = await rig(
      name,
      { unary: (request) => request },
      { maxConcurrentCalls: 1, maxQueuedCalls: 0 },
    );
    for (let n = 0; n < 50; n += 1) expect(await stub.unary({ n })).toEqual({ n });
  });

  it('calls that end while they wait leave the line, and free nothing twice', async () => {
    const { stub, begun, end, hasBegun } = await held(name, {
      maxConcurrentCalls: 1,
      maxQueuedCalls: 2,
    });
    const first = stub.unary({ n: 1 });
    await hasBegun(1);
    const controller = new AbortController();
    const cancelled = stub.unary({ n: 2 }, { signal: controller.signal });
    const expired = stub.unary({ n: 3 }, { timeout: 500 });
    await soon(
      rejection(stub.unary({ n: 4 })).then((error) => expect(error).toMatchObject(FULL)),
      'a refusal: the line is full',
    );
    controller.abort();
    expect(await rejection(cancelled)).toMatchObject({ code: Status.CANCELLED });
    expect(await rejection(expired)).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    await turns(20);
    const later1 = stub.unary({ n: 5 });
    const later2 = stub.unary({ n: 6 });
    await turns(20);
    expect(await rejection(stub.unary({ n: 7 }))).toMatchObject(FULL);
    expect(begun).toEqual([1]);
    for (const n of [1, 5, 6]) {
      await hasBegun(n);
      end(n);
    }
    await soon(Promise.all([first, later1, later2]), 'the calls that had a place');
    expect(begun).toEqual([1, 5, 6]);
  });

  it('lost connections empty the line', async () => {
    const { stub, begun, cut, end, hasBegun, client } = await held(name, {
      maxConcurrentCalls: 1,
      maxQueuedCalls: 2,
      cuttable: true,
    });
    const lost = [1, 2, 3].map((n) => rejection(stub.unary({ n })));
    await hasBegun(1);
    await turns(20);
    cut();
    for (const error of await Promise.all(lost)) {
      expect(error).toMatchObject({ code: Status.UNAVAILABLE });
    }
    await client.waitForReady(5_000);
    const next = stub.unary({ n: 4 });
    await hasBegun(4);
    end(4);
    expect(await next).toEqual({ n: 4 });
    expect(begun).toEqual([1, 4]);
  });

  it.each(['ok', 'error', 'cancel', 'deadline', 'early end'])(
    'a call that ends by %s makes room',
    async (how) => {
      const { stub } = await rig(
        name,
        {
          async bidiStream(stream, ctx) {
            if (how === 'error') ctx.abort(Status.ABORTED, 'no');
            if (how === 'early end') await stream.doneWriting();
            for await (const message of stream) await stream.write(message);
          },
        },
        { maxConcurrentCalls: 1 },
      );
      for (let n = 0; n < 5; n += 1) {
        const stream = stub.bidiStream(how === 'deadline' ? { timeout: 50 } : {});
        await stream.write({ n }).catch(() => {});
        if (how === 'cancel') stream.cancel();
        if (how === 'ok') await stream.doneWriting();
        await soon(stream.status(), `the end of call ${n}`);
      }
    },
  );

  it('flow control holds what a waiting stream sends', async () => {
    const { stub, end, hasBegun } = await held(name, { maxConcurrentCalls: 1 });
    const first = stub.unary({ n: 1 });
    await hasBegun(1);
    let sent = 0;
    // Random, so that it is as large compressed.
    const text = randomBytes(12 * 1024).toString('base64');
    const upload = stub.clientStream(
      (function* () {
        for (const message of numbered(200, text)) {
          sent += 1;
          yield message;
        }
      })(),
    );
    // The window of a stream, 64 KiB or 1 MiB, and what the client's own buffers take.
    const most = name.startsWith('http2') ? 100 : 40;
    expect(await atRest(() => sent)).toBeLessThan(most);
    end(1);
    await first;
    expect(await soon(upload.response(), 'the upload')).toEqual({ n: 200 });
  });

  it('a server that closes serves those that wait, within its grace', async () => {
    const { server, stub, contexts, end, hasBegun } = await held(name, { maxConcurrentCalls: 1 });
    const calls = [1, 2, 3].map((n) => stub.unary({ n }));
    await hasBegun(1);
    await turns(20);
    const closed = server.close({ grace: 10_000 });
    for (const n of [1, 2, 3]) {
      await hasBegun(n);
      expect(contexts.get(n)?.draining.aborted).toBe(true);
      end(n);
    }
    await soon(Promise.all(calls), 'all replies');
    await soon(closed, 'the server to close');
  });

  it('a server that closes by force ends those that wait', async () => {
    const { server, stub, begun, hasBegun } = await held(name, { maxConcurrentCalls: 1 });
    const calls = [1, 2, 3].map((n) => rejection(stub.unary({ n })));
    await hasBegun(1);
    await turns(20);
    await soon(server.close({ grace: 0 }), 'the server to close');
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: Status.UNAVAILABLE });
    }
    expect(begun).toEqual([1]);
  });
});

describe.each(TRANSPORTS)('maxCallDuration over %s', (name) => {
  it('ends a call, and says so', async () => {
    const reason = later<unknown>();
    const { stub } = await rig(
      name,
      {
        async bidiStream(_stream, ctx) {
          expect(ctx.timeRemaining()).toBeLessThanOrEqual(60);
          reason.resolve(await aborted(ctx.signal));
        },
      },
      { maxCallDuration: 60 },
    );
    const words = "the call took longer than the server's maxCallDuration of 60 ms";
    const expected = { code: Status.DEADLINE_EXCEEDED, details: words };
    expect(await rejection(stub.bidiStream({ timeout: 9_000 }).read())).toMatchObject(expected);
    expect(await soon(reason.promise, 'the handler to end')).toMatchObject(expected);
  });

  it("leaves a faster deadline of the client's alone", async () => {
    const { stub } = await rig(
      name,
      { unary: (_request, ctx) => aborted(ctx.signal).then(() => ({ n: 0 })) },
      { maxCallDuration: 9_000 },
    );
    const error = await rejection(stub.unary({ n: 1 }, { timeout: 60 }));
    expect((error as RpcError).details).toBe('the call took longer than its timeout of 60 ms');
  });

  it('may be longer than any date', async () => {
    const { stub } = await rig(
      name,
      { unary: (_request, ctx) => ({ n: ctx.deadline === undefined ? 1 : 0 }) },
      { maxCallDuration: 1e300 },
    );
    expect(await stub.unary({ n: 0 })).toEqual({ n: 1 });
  });
});

it.each([
  [{ maxCallDuration: 0 }, /^maxCallDuration must be more than 0/],
  [{ maxCallDuration: '5' }, /^maxCallDuration must be a number/],
  [{ maxConcurrentCalls: 0 }, /^maxConcurrentCalls must be a whole number, 1 or more, got 0/],
  [{ maxConcurrentCalls: 1.5 }, /^maxConcurrentCalls must be a whole number/],
  [{ maxConcurrentCalls: 1, maxQueuedCalls: -1 }, /^maxQueuedCalls must be a whole number/],
  [{ maxQueuedCalls: 5 }, /^maxQueuedCalls needs maxConcurrentCalls/],
  [{ closeOnSignals: 1 }, /closeOnSignals/],
  [{ closeOnSignals: { signals: [] } }, /^closeOnSignals signals must be a list/],
  [{ closeOnSignals: { signals: ['SIGFOO'] } }, /'SIGFOO'.* is no signal of this system/],
  [{ closeOnSignals: { signals: ['SIGKILL'] } }, /nobody can listen for SIGKILL/],
  [{ closeOnSignals: { grace: -1 } }, /^closeOnSignals grace must be 0 milliseconds or more/],
  [{ closeOnSignals: { graze: 1 } }, /has no option 'graze'/],
])('a server refuses %j', (options, words) => {
  expect(() => new Server({ transport: new MemoryTransport(), ...(options as object) })).toThrow(
    words,
  );
});

it('never handles more calls than it may, and forgets none', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ do: 'start' } as const) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(20) }) },
  );
  const limits = fc.record({ running: fc.integer({ min: 1, max: 4 }), waiting: fc.nat(4) });
  await fc.assert(
    fc.asyncProperty(limits, fc.array(step, { maxLength: 40 }), async (limit, steps) => {
      const { stub, server, client } = await rig(
        'memory',
        {
          async unary(request, ctx) {
            running += 1;
            most = Math.max(most, running);
            const over = later();
            ends.set(request.n, over.resolve);
            // Counts as over when it is cut off, as for the server.
            ctx.signal.addEventListener('abort', () => over.resolve(), { once: true });
            await over.promise;
            running -= 1;
            return request;
          },
        },
        { maxConcurrentCalls: limit.running, maxQueuedCalls: limit.waiting },
      );
      let running = 0;
      let most = 0;
      let n = 0;
      const ends = new Map<number, () => void>();
      const calls: { cancel(): void; outcome: Promise<unknown> }[] = [];
      for (const each of steps) {
        if (each.do === 'start') {
          const controller = new AbortController();
          n += 1;
          const outcome = stub.unary({ n }, { signal: controller.signal }).then(
            () => 'OK',
            (error: RpcError) => error.code,
          );
          calls.push({ cancel: () => controller.abort(), outcome });
        } else if (each.do === 'end') [...ends.values()][each.which % (ends.size || 1)]?.();
        else calls[each.which % (calls.length || 1)]?.cancel();
        if (n % 3 === 0) await turns(1);
      }
      const all = Promise.all(calls.map(({ outcome }) => outcome));
      let open = true;
      void all.then(() => {
        open = false;
      });
      const endAll = async (): Promise<void> => {
        while (open) {
          for (const end of ends.values()) end();
          await turns(1);
        }
      };
      await within(15_000, endAll(), 'every call to end');
      expect(most).toBeLessThanOrEqual(limit.running);
      for (const outcome of await all) {
        expect(['OK', Status.CANCELLED, Status.RESOURCE_EXHAUSTED]).toContain(outcome);
      }
      await client.close();
      await within(15_000, server.close({ grace: 20_000 }), 'the server to close');
    }),
    { numRuns: 60 },
  );
});
