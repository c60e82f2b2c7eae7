import { describe, expect, it } from '@jest/globals';
import { type Client, connect, EOF, Server, Status } from 'tributary';
import {
  aborted,
  collect,
  later,
  type Message,
  PLAIN_TRANSPORTS,
  plainOptions,
  rejection,
  rig,
  Stories,
  soon,
  type TransportName,
  turns,
  whenOver,
} from '../stories/harness.js';

/** A target where nobody listens yet, and a server that does when it is told to. */
async function absentServer(
  name: TransportName,
): Promise<{ client: Client; start(): Promise<void> }> {
  const options = plainOptions(name);
  const first = new Server(options);
  const { address } = await first.listen('127.0.0.1:0');
  await first.close({ grace: 0 });
  const client = connect(address, options);
  whenOver(() => client.close());
  return {
    client,
    start: async () => {
      const server = new Server(options);
      server.add(Stories, { unary: (request: Message) => request } as never);
      whenOver(() => server.close({ grace: 0 }));
      await server.listen(address);
    },
  };
}

describe.each(PLAIN_TRANSPORTS)('a client over %s', (transport) => {
  describe('stub', () => {
    it('names what there is when asked for what is not', async () => {
      const { client } = await rig(transport, {});
      const stub = client.stub(Stories) as unknown as { unari(): void };
      expect(() => stub.unari()).toThrow(
        new TypeError(
          "test.Stories has no method 'unari'; it has unary, serverStream, clientStream, bidiStream",
        ),
      );
      expect(() => client.stub({} as never)).toThrow(TypeError);
      expect(() => client.stub(undefined as never)).toThrow(/undefined/);
    });

    it('is no thenable, and can be shown', async () => {
      const { stub } = await rig(transport, {});
      expect(await Promise.resolve(stub)).toBe(stub);
      expect(JSON.stringify(stub)).toBe('{}');
      expect(String(stub)).toBe('[object Object]');
      const { inspect } = await import('node:util');
      expect(inspect(stub)).toContain('unary');
    });
  });

  describe('nothing listens', () => {
    it('calls of every kind are UNAVAILABLE', async () => {
      const { client } = await absentServer(transport);
      const stub = client.stub(Stories);
      const failures = [
        stub.unary({ n: 1 }),
        stub.serverStream({ n: 1 }).read(),
        stub.clientStream([{ n: 1 }]).response(),
        collect(stub.bidiStream()),
        stub.bidiStream().headers(),
      ];
      for (const failure of failures) {
        expect(await rejection(failure)).toMatchObject({ code: Status.UNAVAILABLE });
      }
    });

    it('waitForReady: true waits for a server that starts later', async () => {
      const { client, start } = await absentServer(transport);
      const reply = client.stub(Stories).unary({ n: 1 }, { waitForReady: true });
      await turns();
      await start();
      expect(await soon(reply, 'the reply')).toEqual({ n: 1 });
    });

    it('waitForReady: true does not wait beyond the deadline, nor the signal', async () => {
      const { client } = await absentServer(transport);
      const stub = client.stub(Stories);
      const late = stub.unary({ n: 1 }, { waitForReady: true, timeout: 50 });
      expect(await rejection(late)).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
      const signal = AbortSignal.timeout(50);
      const left = stub.unary({ n: 1 }, { waitForReady: true, signal });
      expect(await rejection(left)).toMatchObject({ code: Status.CANCELLED });
    });
  });

  describe('waitForReady()', () => {
    it('resolves when calls would go out, at once the second time', async () => {
      const { client } = await rig(transport, {});
      await soon(client.waitForReady(), 'readiness');
      await soon(
        client.waitForReady({ timeout: 0 }).catch(() => {}),
        'a poll',
      );
      await soon(client.waitForReady(3_000), 'readiness');
    });

    it('waits for a server that starts later', async () => {
      const { client, start } = await absentServer(transport);
      const ready = client.waitForReady();
      await turns();
      await start();
      await soon(ready, 'readiness');
    });

    it('rejects with DEADLINE_EXCEEDED, saying what it tried', async () => {
      const { client } = await absentServer(transport);
      const error = await rejection(client.waitForReady(40));
      expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
      expect((error as Error).message).toMatch(/127\.0\.0\.1:\d+.*40 ms/);
    });

    it("rejects with its signal's reason", async () => {
      const { client } = await absentServer(transport);
      const reason = new Error('no longer');
      const controller = new AbortController();
      const ready = rejection(client.waitForReady({ signal: controller.signal }));
      controller.abort(reason);
      expect(await ready).toBe(reason);
      expect(await rejection(client.waitForReady({ signal: controller.signal }))).toBe(reason);
    });

    it('rejects with UNAVAILABLE when the client is closed, before or meanwhile', async () => {
      const { client } = await absentServer(transport);
      const waiting = rejection(client.waitForReady());
      await turns();
      await client.close();
      expect(await rejection(client.waitForReady())).toMatchObject({ code: Status.UNAVAILABLE });
      expect(await waiting).toMatchObject({ code: Status.UNAVAILABLE });
    });

    it('refuses bad options', async () => {
      const { client } = await rig(transport, {});
      expect(await rejection(client.waitForReady(-1))).toBeInstanceOf(RangeError);
      expect(await rejection(client.waitForReady({ timeuot: 1 } as never))).toBeInstanceOf(
        TypeError,
      );
    });
  });

  describe('close()', () => {
    it('cancels open calls on both sides and is idempotent', async () => {
      const started = later();
      const told = later<unknown>();
      const { client, stub } = await rig(transport, {
        async serverStream(_request, ctx) {
          started.resolve();
          told.resolve(await aborted(ctx.signal));
        },
      });
      const stream = stub.serverStream({ n: 1 });
      await soon(started.promise, 'the handler to start');
      const closed = client.close();
      expect(client.close()).toBe(closed);
      await soon(closed, 'the client to close');
      expect(await rejection(stream.read())).toMatchObject({
        code: Status.CANCELLED,
        details: 'the client was closed',
      });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
    });

    it('calls on a closed client are UNAVAILABLE', async () => {
      const { client, stub } = await rig(transport, {});
      await client.close();
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
        code: Status.UNAVAILABLE,
        details: 'the client is closed',
      });
      const stream = stub.bidiStream();
      expect(await rejection(stream.write({ n: 1 }))).toMatchObject({ code: Status.UNAVAILABLE });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.UNAVAILABLE });
    });

    it('{ grace } lets open calls end, and refuses new ones meanwhile', async () => {
      const go = later();
      const { client, stub } = await rig(transport, {
        async unary(request) {
          await go.promise;
          return request;
        },
      });
      await soon(client.waitForReady(), 'readiness');
      const reply = stub.unary({ n: 1 });
      const closed = client.close({ grace: 10_000 });
      expect(await rejection(stub.unary({ n: 2 }))).toMatchObject({ code: Status.UNAVAILABLE });
      go.resolve();
      expect(await reply).toEqual({ n: 1 });
      await soon(closed, 'the client to close');
    });

    it('{ grace } ends', async () => {
      const { client, stub } = await rig(transport, {
        async unary(_request, ctx) {
          throw await aborted(ctx.signal);
        },
      });
      const failed = rejection(stub.unary({ n: 1 }));
      await soon(client.close({ grace: 30 }), 'the client to close');
      expect(await failed).toMatchObject({ code: Status.CANCELLED });
    });

    it('refuses bad options and stays open', async () => {
      const { client, stub } = await rig(transport, { unary: (request) => request });
      expect(await rejection(client.close({ grace: -1 }))).toBeInstanceOf(RangeError);
      expect(await rejection(client.close({ grase: 1 } as never))).toBeInstanceOf(TypeError);
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    });

    it('await using closes', async () => {
      const { client, stub } = await rig(transport, {});
      await client[Symbol.asyncDispose]();
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNAVAILABLE });
    });
  });

  it('one signal for a hundred calls at once causes no warning', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', listener);
    const { stub } = await rig(transport, {
      async *bidiStream(stream, ctx) {
        for await (const { n } of stream) yield await stub.unary({ n }, { parent: ctx });
      },
      unary: (request) => request,
    });
    const { signal } = new AbortController();
    const streams = Array.from({ length: 100 }, () => stub.bidiStream({ signal }));
    for (const stream of streams) {
      await stream.write({ n: 1 });
      expect(await stream.read()).toEqual({ n: 1 });
    }
    for (const stream of streams) await stream.doneWriting();
    for (const stream of streams) expect(await stream.read()).toBe(EOF);
    await turns();
    process.off('warning', listener);
    expect(warnings).toEqual([]);
  });
});
