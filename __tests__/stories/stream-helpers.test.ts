import { describe, expect, it } from '@jest/globals';
import { EOF, Status, select } from 'tributary';
import { collect, later, numbered, rejection, rig, soon, TRANSPORTS, turns } from './harness.js';

describe.each(TRANSPORTS)('stream helpers over %s', (transport) => {
  it('a client reads batches, and the end', async () => {
    const { stub } = await rig(transport, { serverStream: () => numbered(100) });
    const stream = stub.serverStream({ n: 0 });
    const sizes: number[] = [];
    let count = 0;
    for (;;) {
      const batch = await stream.readBatch(7, 5_000);
      if (batch === EOF) break;
      expect(batch[0]?.n).toBe(count);
      count += batch.length;
      sizes.push(batch.length);
    }
    expect(count).toBe(100);
    expect(sizes).toEqual([...Array<number>(14).fill(7), 2]);
  });

  it('a handler reads batches, and a batch gives up in time', async () => {
    const gathered: number[][] = [];
    const { stub } = await rig(transport, {
      async bidiStream(stream) {
        for (;;) {
          const batch = await stream.readBatch(10, 20);
          if (batch === EOF) return;
          if (batch.length === 0) continue;
          gathered.push(batch.map(({ n }) => n));
          await stream.write({ n: batch.length });
        }
      },
    });
    const stream = stub.bidiStream();
    await stream.writeAll(numbered(3));
    for (let n = 0; n < 3; ) {
      const reply = await soon(stream.read(), 'the batch');
      if (reply === EOF) break;
      n += reply.n;
    }
    await stream.doneWriting();
    expect(await soon(stream.read(), 'the end')).toBe(EOF);
    expect(gathered.flat()).toEqual([0, 1, 2]);
  });

  it('a batch gets what it gathered before a cancel, and an empty one the error', async () => {
    const { stub } = await rig(transport, {
      async serverStream({ n }, ctx, stream) {
        if (n === 1) ctx.abort(Status.NOT_FOUND, 'nobody here');
        await stream.write({ n });
        await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
      },
    });
    const cancelled = stub.serverStream({ n: 0 });
    expect(await cancelled.ready(5_000)).toBe(true);
    const batch = cancelled.readBatch(5, 60_000);
    cancelled.cancel();
    expect(await soon(batch, 'the batch')).toEqual([{ n: 0 }]);
    expect(await rejection(cancelled.readBatch(5))).toMatchObject({ code: Status.CANCELLED });
    const failed = stub.serverStream({ n: 1 });
    expect(await rejection(failed.readBatch(5, 60_000))).toMatchObject({ code: Status.NOT_FOUND });
  });

  it('a call that is a promise of its reply, too, is selected as the stream it is', async () => {
    const { stub } = await rig(transport, {
      clientStream: async (stream) => ({ n: (await collect(stream)).length }),
    });
    const call = stub.clientStream(numbered(3));
    const found = await soon(select([call]), 'the reply');
    expect(found.stream).toBe(call);
    expect(found).toMatchObject({ index: 0, message: { n: 3 } });
    expect(await select([call])).toMatchObject({ message: EOF });
  });

  it('a client selects among calls, one of which fails', async () => {
    const { stub } = await rig(transport, {
      async *serverStream({ n }, ctx) {
        yield* numbered(n);
        if (n === 2) ctx.abort(Status.DATA_LOSS, 'gone');
      },
    });
    const calls = [1, 2, 3].map((n) => stub.serverStream({ n }));
    const open = [...calls];
    const ends: unknown[] = [];
    let count = 0;
    while (open.length > 0) {
      const next = await soon(select(open), 'a stream');
      if (next.error === undefined && next.message !== EOF) count += 1;
      else {
        ends.push([calls.indexOf(next.stream), next.error?.code]);
        open.splice(next.index, 1);
      }
    }
    // grpc-js may drop what it has not handed up when an error comes.
    expect(count).toBeGreaterThanOrEqual(transport === 'memory' ? 6 : 4);
    expect(ends.sort()).toEqual([
      [0, undefined],
      [1, Status.DATA_LOSS],
      [2, undefined],
    ]);
  });

  it('a handler selects between its requests and a call of its own', async () => {
    const { stub } = await rig(transport, {
      serverStream: () => numbered(2),
      async bidiStream(stream) {
        const open = [stream, stub.serverStream({ n: 0 })];
        let n = 0;
        while (open.length > 0) {
          const next = await select(open);
          if (next.error) throw next.error;
          if (next.message === EOF) open.splice(next.index, 1);
          else n += 1;
        }
        await stream.write({ n });
      },
    });
    expect(await collect(stub.bidiStream(numbered(3)))).toEqual([{ n: 5 }]);
  });

  it('ordered work writes its results in the order of the requests', async () => {
    const gates = Array.from({ length: 5 }, () => later());
    const { stub } = await rig(transport, {
      bidiStream: (stream) =>
        stream.forEach(
          async ({ n }) => {
            await gates[n]?.promise;
            return () => stream.write({ n });
          },
          { concurrency: 5, ordered: true },
        ),
    });
    const stream = stub.bidiStream(numbered(5));
    for (const gate of gates.toReversed()) {
      gate.resolve();
      await turns();
    }
    expect((await collect(stream)).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
  });

  it('ordered work that fails cancels a client’s call', async () => {
    const { stub } = await rig(transport, { serverStream: () => numbered(10_000) });
    const stream = stub.serverStream({ n: 0 });
    const boom = new Error('boom');
    const done: number[] = [];
    const work = async ({ n }: { n: number }) => {
      if (n === 3) throw boom;
      return () => done.push(n);
    };
    expect(await rejection(stream.forEach(work, { concurrency: 4, ordered: true }))).toBe(boom);
    expect(done).toEqual([0, 1, 2]);
    expect((await stream.status()).code).toBe(Status.CANCELLED);
  });
});
