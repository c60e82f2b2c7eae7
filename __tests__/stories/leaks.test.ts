import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { collect, type Message, numbered, rejection, rig, TRANSPORTS, turns } from './harness.js';

/** How many timers keep the process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

/** Timers that grpc-js and the test runner start and stop as they please. */
const OF_OTHERS = 10;

describe.each(TRANSPORTS)('a thousand calls over %s', (transport) => {
  it('leave no listener on a reused signal and no timer', async () => {
    const { stub } = await rig(transport, {
      unary: (request) => request,
      serverStream: ({ n }) => numbered(n),
      clientStream: async (stream) => ({ n: (await collect(stream)).length }),
      async *bidiStream(stream, ctx) {
        void ctx.signal;
        yield* stream;
      },
    });
    const { signal } = new AbortController();
    const round = async (i: number): Promise<void> => {
      const options = { signal, timeout: 60_000 };
      await stub.unary({ n: 1 }, options);
      await collect(stub.serverStream({ n: 2 }, options));
      await stub.clientStream([{ n: 1 }], options);
      const stream = stub.bidiStream(options);
      await stream.write({ n: 1 });
      await stream.read({ signal, timeout: 60_000 });
      if (i % 2 === 0) stream.cancel();
      else void stream.doneWriting();
      await stream.status();
      await rejection(stub.unary(undefined as never, options));
      await rejection(stub.unary({ n: 1n } as unknown as Message, options));
    };
    for (let i = 0; i < 10; i += 1) await round(i);
    await turns(20);
    const before = timers();
    for (let i = 0; i < 250; i += 1) await round(i);
    await turns(50);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(timers()).toBeLessThan(before + OF_OTHERS);
  });
});
