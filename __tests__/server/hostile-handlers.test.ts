import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { connect, RpcError, Server, Status } from 'tributary';
import {
  aborted,
  collect,
  type Handlers,
  later,
  type Message,
  numbered,
  PLAIN_TRANSPORTS,
  plainOptions,
  rejection,
  rig,
  Stories,
  soon,
  turns,
} from '../stories/harness.js';

/** What answers every question with an exception. */
function unspeakable(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe.each(PLAIN_TRANSPORTS)('whatever a handler does over %s, the call ends', (transport) => {
  /** The status that these handlers give a server stream, and how many errors onError heard of. */
  async function statusOf(serverStream: unknown): Promise<[number, number]> {
    const { stub, takeErrors } = await rig(transport, { serverStream } as Handlers);
    const stream = stub.serverStream({ n: 1 });
    const { code } = await soon(stream.status(), 'the status');
    return [code, takeErrors().length];
  }

  const oddities: Record<string, unknown> = {
    'a thenable that throws': () => ({
      // biome-ignore lint/suspicious/noThenProperty: the oddity that is tested
      then() {
        throw new Error('then');
      },
    }),
    'an object whose then cannot be read': () =>
      Object.defineProperty({}, 'then', {
        get() {
          throw new Error('then');
        },
      }),
    'a revoked proxy': () => unspeakable(),
    'a promise of a revoked proxy': async () => [unspeakable()],
    'an exception that cannot be described': () => {
      throw unspeakable();
    },
    'an iterator without results': () => ({
      [Symbol.asyncIterator]: () => ({ next: async () => undefined }),
    }),
    'a result that cannot be read': () => ({
      [Symbol.iterator]: () => ({
        next: () => ({
          get done(): boolean {
            throw new Error('done');
          },
        }),
      }),
    }),
    'a list with a promise that rejects': () => [Promise.reject(new Error('item'))],
  };
  it.each(Object.keys(oddities))('%s', async (name) => {
    const [code, errors] = await statusOf(oddities[name]);
    expect([Status.UNKNOWN, Status.INTERNAL]).toContain(code);
    expect(errors).toBe(1);
  });

  it('a list of promises stands for what they promise', async () => {
    const { stub } = await rig(transport, {
      serverStream: () => [Promise.resolve({ n: 1 }), { n: 2 }] as unknown as Message[],
    });
    expect(await soon(collect(stub.serverStream({ n: 0 })), 'the messages')).toEqual([
      { n: 1 },
      { n: 2 },
    ]);
  });

  it('a failure ends a call that another task goes on writing to', async () => {
    let late: Promise<void> | undefined;
    const { stub } = await rig(transport, {
      async bidiStream(stream) {
        const writing = (async () => {
          for (let n = 0; ; n += 1) {
            late = stream.write({ n });
            await late;
          }
        })();
        writing.catch(() => {});
        await stream.read();
        throw new RpcError(Status.ABORTED, 'enough');
      },
    });
    const stream = stub.bidiStream();
    await stream.write({ n: 0 });
    const read = soon(collect(stream), 'the end of the stream');
    expect(await rejection(read)).toMatchObject({ code: Status.ABORTED, details: 'enough' });
    expect(await rejection(late as Promise<void>)).toMatchObject({ code: Status.ABORTED });
  });

  it('onError hears what a generator throws when its call is over, but for the reason of that', async () => {
    const mine = new Error('the clean-up fails');
    const over = [later(), later()];
    const { stub, takeErrors } = await rig(transport, {
      async *serverStream({ n }, ctx) {
        yield { n };
        const reason = await aborted(ctx.signal);
        over[n]?.resolve();
        throw n === 0 ? reason : mine;
      },
    });
    for (const n of [0, 1]) {
      const stream = stub.serverStream({ n });
      await stream.read();
      stream.cancel();
      await soon(over[n]!.promise, 'the generator');
    }
    await turns();
    expect(takeErrors()).toEqual([mine]);
  });

  it('details of any length travel, shortened, and harm no other call', async () => {
    const { stub } = await rig(transport, {
      unary: ({ n }) => {
        if (n === 0) throw new RpcError(Status.NOT_FOUND, '☺'.repeat(80_000));
        return { n };
      },
    });
    const error = (await rejection(stub.unary({ n: 0 }))) as RpcError;
    expect(error.code).toBe(Status.NOT_FOUND);
    expect(error.details).toMatch(/^☺{500,1000}…$/);
    expect(await soon(stub.unary({ n: 1 }), 'another call')).toEqual({ n: 1 });
  });

  it('headers and trailers that would break the connection are refused', async () => {
    const refused: unknown[] = [];
    const { stub, takeErrors } = await rig(transport, {
      unary: ({ n }, ctx) => {
        try {
          ctx.sendHeaders({ a: 'b'.repeat(100_000) });
        } catch (error) {
          refused.push(error);
        }
        ctx.trailers.set('a', 'b'.repeat(n));
        return { n };
      },
    });
    expect(await rejection(stub.unary({ n: 100_000 }))).toMatchObject({ code: Status.INTERNAL });
    expect([...refused, ...takeErrors()]).toMatchObject([
      { name: 'RangeError', message: expect.stringMatching(/^headers must be 32768 bytes/) },
      { name: 'RangeError', message: expect.stringMatching(/^trailers must be 32768 bytes/) },
    ]);
    expect(await soon(stub.unary({ n: 10 }), 'another call')).toEqual({ n: 10 });
  });

  it('a handler that onError rejects over harms nobody', async () => {
    const options = plainOptions(transport);
    await using server = new Server({
      ...options,
      onError: async () => {
        throw unspeakable();
      },
    });
    server.add(Stories, {
      unary: () => {
        throw new Error('secret');
      },
    } as never);
    const { address } = await server.listen('127.0.0.1:0');
    await using client = connect(address, options);
    const silent = console.error;
    console.error = () => {};
    try {
      expect(await rejection(client.stub(Stories).unary({ n: 1 }))).toMatchObject({ code: 2 });
      await turn();
    } finally {
      console.error = silent;
    }
  });

  it('a closed server does not begin to listen', async () => {
    const server = new Server(plainOptions(transport));
    const listening = server.listen('127.0.0.1:0');
    await Promise.all([expect(listening).rejects.toThrow(/closed/), server.close()]);
  });
});

it('a stream without end lets timers run in memory, too', async () => {
  const { stub } = await rig('memory', { serverStream: () => numbered(Infinity) });
  const read = collect(stub.serverStream({ n: 0 }, { timeout: 50 }));
  expect(await rejection(read)).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
});
