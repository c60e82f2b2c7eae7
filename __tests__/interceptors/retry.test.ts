import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type CallContext, type ClientInterceptor, contextKey, RpcError, Status } from 'tributary';
import {
  aborted,
  collect,
  later,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  soon,
} from '../stories/harness.js';
import { acting, call, echo, KINDS } from './kinds.js';

/** Calls again until it has worked, three times at most. */
const retry: ClientInterceptor = async (_call, next) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await next();
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
};

const touch: ClientInterceptor = (intercepted, next) => {
  void intercepted.stream;
  return next();
};

/** Waits for the first attempt a little, and for others as long as they take. */
const impatient: ClientInterceptor = async ({ values }, next) => {
  if (values.get(waited)) return next();
  values.set(waited, true);
  const late = pause(30).then(() => {
    throw new RpcError(Status.DEADLINE_EXCEEDED, 'too slow');
  });
  return Promise.race([next(), late]);
};
const waited = contextKey<boolean>('waited');

/** Fails twice, then lets the call through. */
function failingTwice(): {
  act: (request: unknown, ctx: CallContext) => void;
  attempts: () => number;
} {
  let attempts = 0;
  return {
    act: (_request, ctx) => {
      attempts += 1;
      if (attempts < 3) ctx.abort(Status.UNAVAILABLE, `attempt ${attempts}`);
    },
    attempts: () => attempts,
  };
}

describe.each(PLAIN_TRANSPORTS)('trying again over %s', (transport) => {
  const inners: [string, ClientInterceptor[]][] = [
    ['alone', []],
    ['with one that touches the stream', [touch]],
  ];
  describe.each(inners)('%s', (_what, inner) => {
    it.each(['unary', 'serverStream'] as const)('a call with one request: %s', async (kind) => {
      const { act, attempts } = failingTwice();
      const { stub } = await rig(transport, acting(act), {
        client: { interceptors: [retry, ...inner] },
      });
      expect(await call(stub, kind)).toEqual([{ n: 1 }]);
      expect(attempts()).toBe(3);
    });

    it.each(['unary', 'serverStream'] as const)('one that is left waiting: %s', async (kind) => {
      let attempts = 0;
      const firstCancelled = later<unknown>();
      const act = async (_request: unknown, { signal }: CallContext): Promise<void> => {
        attempts += 1;
        if (attempts === 1) firstCancelled.resolve(await aborted(signal));
      };
      const { stub } = await rig(transport, acting(act), {
        client: { interceptors: [retry, impatient, ...inner] },
      });
      expect(await soon(call(stub, kind), 'the second attempt')).toEqual([{ n: 1 }]);
      const reason = await soon(firstCancelled.promise, 'the first to be cancelled');
      expect(reason).toMatchObject({ code: Status.CANCELLED });
    });

    it.each(['unary', 'serverStream'] as const)('the last error counts: %s', async (kind) => {
      const { stub } = await rig(
        transport,
        acting((_request, ctx) => ctx.abort(Status.UNAVAILABLE, 'still not')),
        { client: { interceptors: [retry, ...inner] } },
      );
      expect(await rejection(call(stub, kind))).toMatchObject({ details: 'still not' });
    });
  });

  it('the caller sees the replies and the headers of the first attempt, and then the next', async () => {
    let attempt = 0;
    const { stub } = await rig(
      transport,
      {
        async *serverStream(_request, ctx) {
          attempt += 1;
          ctx.sendHeaders({ attempt: `${attempt}` });
          yield { n: attempt };
          if (attempt < 3) ctx.abort(Status.UNAVAILABLE);
        },
      },
      { client: { interceptors: [retry] } },
    );
    const heard: unknown[] = [];
    const stream = stub.serverStream(
      { n: 0 },
      { onHeaders: (headers) => heard.push(...headers.get('attempt')) },
    );
    expect(await collect(stream)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(heard).toEqual(['1']);
  });

  it.each([
    ['untouched', []],
    ['touched', [touch]],
  ] as [string, ClientInterceptor[]][])(
    'requests of a stream are not sent twice: %s',
    async (_what, outer) => {
      let seen: unknown;
      const again: ClientInterceptor = async (_call, next) => {
        try {
          return await next();
        } catch {
          seen = await rejection(next());
          throw seen;
        }
      };
      const { stub } = await rig(
        transport,
        {
          async *bidiStream(stream, ctx) {
            yield (await stream.read()) as { n: number };
            ctx.abort(Status.UNAVAILABLE);
          },
        },
        { client: { interceptors: [...outer, again] } },
      );
      const stream = stub.bidiStream();
      await stream.write({ n: 1 });
      expect(await stream.read()).toEqual({ n: 1 });
      const error = (await rejection(stream.read())) as RpcError;
      expect(error).toBe(seen);
      expect(error).toMatchObject({ code: Status.FAILED_PRECONDITION });
      expect(error.details).toContain('cannot be sent again');
    },
  );

  it.each([
    ['untouched', []],
    ['touched', [touch]],
  ] as [string, ClientInterceptor[]][])(
    'a stream of which nothing was sent can be tried again: %s',
    async (_what, outer) => {
      const failed = later();
      let attempts = 0;
      const { stub } = await rig(
        transport,
        {
          async *bidiStream(stream, ctx) {
            attempts += 1;
            if (attempts === 1) ctx.abort(Status.UNAVAILABLE);
            yield* stream;
          },
        },
        {
          client: {
            interceptors: [
              ...outer,
              async (_call, next) => {
                try {
                  return await next();
                } catch {
                  failed.resolve();
                  return next();
                }
              },
            ],
          },
        },
      );
      const stream = stub.bidiStream();
      await soon(failed.promise, 'the first attempt to fail');
      await stream.writeAll(numbered(20));
      await stream.doneWriting();
      expect(await collect(stream)).toEqual([...numbered(20)]);
    },
  );

  it.each(inners)('a timeout counts for each attempt: %s', async (_what, inner) => {
    let attempts = 0;
    const patient: ClientInterceptor = async (intercepted, next) => {
      intercepted.options.timeout = 50;
      try {
        return await next();
      } catch (error) {
        expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
        intercepted.options.timeout = 5_000;
        return next();
      }
    };
    const { stub } = await rig(
      transport,
      acting(async (_request, ctx) => {
        attempts += 1;
        if (attempts === 1) throw await aborted(ctx.signal);
      }),
      { client: { interceptors: [patient, ...inner] } },
    );
    expect(await stub.unary({ n: 1 }, { timeout: 10_000 })).toEqual({ n: 1 });
    expect(attempts).toBe(2);
  });

  it('what inner interceptors add is added once', async () => {
    const { act } = failingTwice();
    const counts = { requests: 0, headers: 0 };
    const inner: ClientInterceptor = (intercepted, next) => {
      intercepted.mapRequests((request) => {
        counts.requests += 1;
        return { n: (request as { n: number }).n + 1 };
      });
      intercepted.onHeaders(() => {
        counts.headers += 1;
      });
      return next();
    };
    const seen: number[] = [];
    const { stub } = await rig(
      transport,
      {
        unary: (request, ctx) => {
          seen.push(request.n);
          act(request, ctx);
          return request;
        },
      },
      { client: { interceptors: [retry, inner] } },
    );
    expect(await stub.unary({ n: 1 })).toEqual({ n: 2 });
    expect(seen).toEqual([2, 2, 2]);
    expect(counts).toEqual({ requests: 3, headers: 1 });
  });

  it.each(KINDS)(
    'next() twice at once is refused, and the call that is under way lives on: %s',
    async (kind) => {
      let refusal: unknown;
      const { stub } = await rig(transport, echo, {
        client: {
          interceptors: [
            async (_call, next) => {
              const first = next();
              refusal = await rejection(next());
              return first;
            },
          ],
        },
      });
      expect(await call(stub, kind)).toHaveLength(kind === 'serverStream' ? 2 : 1);
      expect(refusal).toMatchObject({ code: Status.FAILED_PRECONDITION });
      expect(String(refusal)).toContain('has not ended');
    },
  );

  it.each(KINDS)('a handler is called once, however often next() is: %s', async (kind) => {
    let refusal: unknown;
    let calls = 0;
    const { stub } = await rig(
      transport,
      acting(() => {
        calls += 1;
      }),
      {
        interceptors: [
          async (_call, next) => {
            const first = next();
            refusal = await rejection(next());
            return first;
          },
        ],
      },
    );
    expect(await call(stub, kind)).toEqual([{ n: 1 }]);
    expect(calls).toBe(1);
    expect(String(refusal)).toContain('a handler answers a call once');
  });

  it('an error that was made good leaves nothing behind for a slow reader', async () => {
    const text = 'x'.repeat(1_000);
    let written = 0;
    let attempts = 0;
    const { stub } = await rig(
      transport,
      {
        async *serverStream(_request, ctx) {
          attempts += 1;
          if (attempts === 1) ctx.abort(Status.UNAVAILABLE);
          for (; written < 5_000; written += 1) yield { n: written, text };
        },
      },
      { client: { interceptors: [touch, retry] } },
    );
    const stream = stub.serverStream({ n: 0 });
    const error = await rejection(stream.read());
    // The stream was touched further out than it was tried again: its one request is gone.
    expect(error).toMatchObject({ code: Status.FAILED_PRECONDITION });
    expect(written).toBe(0);
  });
});
