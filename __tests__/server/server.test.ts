import { describe, expect, it } from '@jest/globals';
import { Server, type ServerOptions, Status } from 'tributary';
import {
  aborted,
  later,
  type Message,
  PLAIN_TRANSPORTS,
  plainOptions,
  rejection,
  rig,
  Stories,
  soon,
  turns,
  whenOver,
} from '../stories/harness.js';

describe.each(PLAIN_TRANSPORTS)('a server over %s', (transport) => {
  const newServer = (options: ServerOptions = {}): Server => {
    const server = new Server({ ...plainOptions(transport), ...options });
    whenOver(() => server.close({ grace: 0 }));
    return server;
  };

  describe('add()', () => {
    it('names what there is when a handler belongs to nothing', () => {
      expect(() => newServer().add(Stories, { unari: () => {} } as never)).toThrow(
        new TypeError(
          "test.Stories has no method 'unari'; it has unary, serverStream, clientStream, bidiStream",
        ),
      );
      expect(() => newServer().add(Stories, { unary: 5 } as never)).toThrow(
        /test\.Stories\.unary must be a function, got 5/,
      );
      expect(() => newServer().add(Stories, undefined as never)).toThrow(TypeError);
      expect(() => newServer().add({} as never, {} as never)).toThrow(TypeError);
    });

    it('refuses a second handler for a method', () => {
      const server = newServer().add(Stories, { unary: (request: Message) => request } as never);
      expect(() => server.add(Stories, { unary: (request: Message) => request } as never)).toThrow(
        /\/test\.Stories\/Unary has a handler already/,
      );
    });

    it('takes a class instance and keeps its `this`', async () => {
      class Handlers {
        readonly by = 2;
        unary({ n }: Message): Message {
          return { n: n * this.by };
        }
      }
      const { stub } = await rig(transport, new Handlers());
      expect(await stub.unary({ n: 21 })).toEqual({ n: 42 });
    });

    it('refuses bad options', () => {
      expect(() => new Server({ onErorr: () => {} } as ServerOptions)).toThrow(/onErorr/);
      expect(() => new Server({ onError: 5 as never })).toThrow(/onError must be a function/);
      expect(() => new Server({ prefetchBytes: -1 })).toThrow(RangeError);
      expect(() => new Server({ transport: {} as never })).toThrow(/transport/);
    });
  });

  describe('listen()', () => {
    it('says so when the address is in use, and can listen elsewhere then', async () => {
      const { address, server } = await rig(transport, {});
      const second = transport === 'memory' ? server : newServer();
      const error = await rejection(second.listen(address));
      expect((error as Error).message).toContain(
        `cannot listen on ${address}: the address is in use`,
      );
      expect((await second.listen('127.0.0.1:0')).port).toBeGreaterThan(0);
    });

    it('rejects once the server is closed', async () => {
      const server = newServer();
      await server.close();
      expect(((await rejection(server.listen('127.0.0.1:0'))) as Error).message).toContain(
        'closed',
      );
    });

    it('takes a string only', async () => {
      expect(await rejection(newServer().listen(50051 as never))).toBeInstanceOf(TypeError);
    });
  });

  describe('onError', () => {
    it('is told with the context; what it throws itself harms nobody', async () => {
      const contexts: string[] = [];
      const { stub, takeErrors } = await rig(transport, {
        unary: ({ n }, ctx) => {
          contexts.push(ctx.method);
          if (n === 0) throw new Error('the secret');
          return { n };
        },
      });
      await rejection(stub.unary({ n: 0 }));
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
      expect(takeErrors()).toHaveLength(1);
      expect(contexts).toEqual(['/test.Stories/Unary', '/test.Stories/Unary']);
    });
  });

  describe('close()', () => {
    it('lets open calls end within grace', async () => {
      const started = later();
      const go = later();
      const { stub, server } = await rig(transport, {
        async unary(request) {
          started.resolve();
          await go.promise;
          return request;
        },
      });
      const reply = stub.unary({ n: 1 });
      await soon(started.promise, 'the handler to start');
      const closed = server.close({ grace: 20_000 });
      expect(server.close()).toBe(closed);
      await turns();
      go.resolve();
      expect(await soon(reply, 'the reply')).toEqual({ n: 1 });
      await soon(closed, 'the server to close');
    });

    it('ends what is left with UNAVAILABLE, messages first, and never waits for a handler', async () => {
      const told = later<unknown>();
      const { stub, server } = await rig(
        transport,
        {
          async serverStream(_request, ctx, stream) {
            await stream.write({ n: 1 });
            told.resolve(await aborted(ctx.signal));
            await new Promise(() => {});
          },
        },
        { byForce: true },
      );
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toEqual({ n: 1 });
      const pending = rejection(stream.read());
      await soon(server.close({ grace: 20 }), 'the server to close');
      expect(await pending).toMatchObject({
        code: Status.UNAVAILABLE,
        details: 'the server is shutting down',
      });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
    });

    it('ends a call whose client does not read', async () => {
      const held = later<unknown>();
      const first = later();
      const { stub, server } = await rig(
        transport,
        {
          async serverStream(_request, _ctx, stream) {
            for (;;) {
              const written = stream.write({ n: 0, text: 'x'.repeat(10_000) });
              if (!stream.canWriteMore) first.resolve();
              await written.catch((error: unknown) => {
                held.resolve(error);
                throw error;
              });
            }
          },
        },
        { byForce: true },
      );
      const stream = stub.serverStream({ n: 0 });
      await soon(first.promise, 'the writer to be held');
      await soon(server.close({ grace: 20 }), 'the server to close');
      expect(await soon(held.promise, 'write() to reject')).toMatchObject({
        code: Status.UNAVAILABLE,
      });
      expect(await soon(stream.status(), 'the status')).toMatchObject({
        code: Status.UNAVAILABLE,
      });
    });

    it('is quick when clients are idle, and when there are none', async () => {
      const { stub, server } = await rig(transport, { unary: (request) => request });
      await stub.unary({ n: 1 });
      await soon(server.close({ grace: 20_000 }), 'the server to close');
      await soon(newServer().close(), 'a server that never listened');
    });

    it('calls after it are UNAVAILABLE', async () => {
      const { stub, server } = await rig(transport, { unary: (request) => request });
      await stub.unary({ n: 1 });
      await server.close();
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNAVAILABLE });
    });

    it('refuses bad options and stays open', async () => {
      const { stub, server } = await rig(transport, { unary: (request) => request });
      expect(await rejection(server.close({ grace: -1 }))).toBeInstanceOf(RangeError);
      expect(await rejection(server.close({ grase: 1 } as never))).toBeInstanceOf(TypeError);
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
      await soon(server.close({ grace: 20_000 }), 'the server to close');
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNAVAILABLE });
    });

    it('await using closes', async () => {
      const { stub, server } = await rig(transport, { unary: (request) => request });
      await server[Symbol.asyncDispose]();
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNAVAILABLE });
    });
  });
});
