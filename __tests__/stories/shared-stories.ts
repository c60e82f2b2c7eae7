import { describe, expect, it } from '@jest/globals';
import { type CallContext, type CallOptions, type Metadata, RpcError, Status } from 'tributary';
import {
  aborted,
  type Handlers,
  later,
  type Message,
  rejection,
  rig,
  type StoryStub,
  soon,
  type TransportName,
  turns,
} from './harness.js';

/** What the stories that all four kinds share need to know of one. */
export interface Kind {
  /** A handler that acts, reads what there is to read, and answers `{ n: 1 }`. */
  handler(act: (ctx: CallContext) => unknown): Handlers;
  /** Calls it with one request and gives its one reply. */
  call(stub: StoryStub, options?: CallOptions): Promise<Message>;
}

const nothing = (): void => {};

/** The stories that are the same for every kind. */
export function sharedStories(transport: TransportName, kind: Kind): void {
  metadataStories(transport, kind);
  errorStories(transport, kind);
  cancelStories(transport, kind);
  deadlineStories(transport, kind);
  lostConnectionStories(transport, kind);
}

function metadataStories(transport: TransportName, kind: Kind): void {
  describe('metadata', () => {
    it('request headers reach the handler: text, bytes and several values', async () => {
      const seen = later<Metadata>();
      const { stub } = await rig(
        transport,
        kind.handler((ctx) => seen.resolve(ctx.metadata)),
      );
      const token = new Uint8Array([0, 1, 254, 255]);
      await kind.call(stub, { metadata: { plain: 'x', many: ['a', 'b'], 'token-bin': token } });
      const metadata = await seen.promise;
      expect(metadata.get('plain')).toEqual(['x']);
      expect(metadata.get('many').join(', ')).toBe('a, b');
      expect(metadata.get('token-bin')).toEqual([Buffer.from(token)]);
    });

    it('headers and trailers reach the caller with an OK', async () => {
      const { stub } = await rig(
        transport,
        kind.handler((ctx) => {
          ctx.sendHeaders({ first: 'h', 'raw-bin': new Uint8Array([7]) });
          ctx.trailers.set('last', 't');
        }),
      );
      const heard: [string, Metadata][] = [];
      await kind.call(stub, {
        onHeaders: (headers) => heard.push(['headers', headers]),
        onTrailers: (trailers) => heard.push(['trailers', trailers]),
      });
      expect(heard.map(([what]) => what)).toEqual(['headers', 'trailers']);
      expect(heard[0]?.[1].get('first')).toEqual(['h']);
      expect(heard[0]?.[1].get('raw-bin')).toEqual([Buffer.from([7])]);
      expect(heard[1]?.[1].get('last')).toEqual(['t']);
    });

    it('trailers of the context and of the error reach the caller with an error', async () => {
      const { stub } = await rig(
        transport,
        kind.handler((ctx) => {
          ctx.trailers.set('of-context', 'c');
          const trailers = ctx.metadata.clone();
          trailers.set('of-error', 'e');
          throw new RpcError(Status.NOT_FOUND, 'no such thing', { trailers });
        }),
      );
      let heard: Metadata | undefined;
      const error = await rejection(
        kind.call(stub, {
          onTrailers: (trailers) => {
            heard = trailers;
          },
        }),
      );
      for (const trailers of [(error as RpcError).trailers, heard]) {
        expect(trailers?.get('of-context')).toEqual(['c']);
        expect(trailers?.get('of-error')).toEqual(['e']);
      }
    });

    it('headers can be sent once', async () => {
      const { stub, takeErrors } = await rig(
        transport,
        kind.handler((ctx) => {
          ctx.sendHeaders({ a: '1' });
          ctx.sendHeaders({ a: '2' });
        }),
      );
      expect(await rejection(kind.call(stub))).toMatchObject({ code: Status.FAILED_PRECONDITION });
      expect(takeErrors()).toEqual([]);
    });

    it('keys and values that HTTP/2 cannot carry are a TypeError', async () => {
      const { stub } = await rig(transport, kind.handler(nothing));
      const bad = [{ 'te st': 'x' }, { 'grpc-status': '0' }, { 'x-bin': 'text' }, { x: 1 }];
      for (const metadata of bad) {
        const call = async (): Promise<Message> => kind.call(stub, { metadata } as CallOptions);
        expect(await rejection(call())).toBeInstanceOf(TypeError);
      }
    });
  });
}

function errorStories(transport: TransportName, kind: Kind): void {
  describe('error', () => {
    it.each([
      ['plain', 'no such place', 'no such place'],
      ['unicode', '\t\nwith whitespace\r\nand BMP ☺ and non-BMP 😈\t\n', undefined],
      ['percent signs', '100% of %41 and %', undefined],
      ['a lone surrogate', 'half \ud83d of it', 'half \ufffd of it'],
      ['nothing', '', undefined],
    ])('an RpcError reaches the caller with its details: %s', async (_what, details, received) => {
      const { stub } = await rig(
        transport,
        kind.handler(() => {
          throw new RpcError(Status.NOT_FOUND, details);
        }),
      );
      const error = await rejection(kind.call(stub));
      expect(RpcError.is(error)).toBe(true);
      expect(error).toMatchObject({ code: Status.NOT_FOUND, details: received ?? details });
    });

    it('ctx.abort ends the call', async () => {
      const { stub } = await rig(
        transport,
        kind.handler(async (ctx) => ctx.abort(Status.ABORTED, 'enough')),
      );
      expect(await rejection(kind.call(stub))).toMatchObject({
        code: Status.ABORTED,
        details: 'enough',
      });
    });

    it('an RpcError takes no cause to the peer', async () => {
      const { stub } = await rig(
        transport,
        kind.handler(async () => {
          throw new RpcError(Status.INTERNAL, 'sorry', { cause: new Error('the secret') });
        }),
      );
      const error = (await rejection(kind.call(stub))) as RpcError;
      expect(error.cause).toBeUndefined();
      expect(JSON.stringify([error.details, error.trailers.getMap()])).not.toContain('secret');
    });

    const thrown: [string, unknown, boolean][] = [
      ['thrown synchronously', new Error('the secret'), false],
      ['thrown asynchronously', new TypeError('the secret'), true],
      ['a string', 'the secret', true],
      ['undefined', undefined, false],
      ['a null-prototype object', Object.create(null), true],
    ];
    it.each(thrown)(
      'a foreign exception is UNKNOWN, its words only for onError: %s',
      async (_what, error, asynchronous) => {
        let failing = true;
        const { stub, takeErrors } = await rig(
          transport,
          kind.handler(async () => {
            if (asynchronous) await turns(1);
            if (failing) throw error;
          }),
        );
        const failure = (await rejection(kind.call(stub))) as RpcError;
        expect(failure).toMatchObject({ code: Status.UNKNOWN });
        expect(`${failure.details} ${failure.stack}`).not.toContain('secret');
        expect(takeErrors()).toEqual([error]);
        failing = false;
        expect(await kind.call(stub)).toEqual({ n: 1 });
      },
    );

    it('a handler that throws before it returns a promise fails its call only', async () => {
      const { stub, takeErrors } = await rig(
        transport,
        kind.handler(() => {
          throw new RangeError('the secret');
        }),
      );
      expect(await rejection(kind.call(stub))).toMatchObject({ code: Status.UNKNOWN });
      expect(takeErrors()).toEqual([new RangeError('the secret')]);
    });

    it('an onHeaders that throws cancels the call', async () => {
      const { stub } = await rig(
        transport,
        kind.handler((ctx) => ctx.sendHeaders({ a: 'b' })),
      );
      const mine = new Error('mine');
      const onHeaders = (): never => {
        throw mine;
      };
      const error = await rejection(kind.call(stub, { onHeaders }));
      expect(error).toMatchObject({ code: Status.CANCELLED, cause: mine });
    });
  });
}

function cancelStories(transport: TransportName, kind: Kind): void {
  describe('cancel', () => {
    it('a signal that has aborted starts nothing', async () => {
      let started = 0;
      const { stub } = await rig(
        transport,
        kind.handler(() => {
          started += 1;
        }),
      );
      const reason = new Error('not today');
      const error = await rejection(kind.call(stub, { signal: AbortSignal.abort(reason) }));
      expect(error).toMatchObject({ code: Status.CANCELLED, cause: reason });
      await kind.call(stub);
      expect(started).toBe(1);
    });

    it('a signal that aborts cancels the call on both sides, with its reason as cause', async () => {
      const started = later();
      const told = later<unknown>();
      const { stub } = await rig(
        transport,
        kind.handler(async (ctx) => {
          started.resolve();
          const reason = await aborted(ctx.signal);
          told.resolve(reason);
          expect(ctx.cancelled).toBe(true);
          throw reason;
        }),
      );
      const controller = new AbortController();
      const failed = rejection(kind.call(stub, { signal: controller.signal }));
      await soon(started.promise, 'the handler to start');
      const reason = new Error('changed my mind');
      controller.abort(reason);
      expect(await failed).toMatchObject({ code: Status.CANCELLED, cause: reason });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
    });

    it('what a cancelled handler fails with is no error, an AbortError neither', async () => {
      const started = later();
      const over = later();
      const { stub } = await rig(
        transport,
        kind.handler(async (ctx) => {
          started.resolve();
          await aborted(ctx.signal);
          over.resolve();
          throw new DOMException('This operation was aborted', 'AbortError');
        }),
      );
      const controller = new AbortController();
      const failed = rejection(kind.call(stub, { signal: controller.signal }));
      await soon(started.promise, 'the handler to start');
      controller.abort();
      await failed;
      await soon(over.promise, 'the handler to hear of it');
      await turns();
    });

    it('the signal never aborts after a normal end, nor after an error', async () => {
      const contexts: CallContext[] = [];
      const { stub } = await rig(
        transport,
        kind.handler((ctx) => {
          contexts.push(ctx);
          expect(ctx.signal.aborted).toBe(false);
          if (contexts.length === 2) throw new RpcError(Status.NOT_FOUND);
        }),
      );
      await kind.call(stub);
      await rejection(kind.call(stub));
      await kind.call(stub);
      await turns();
      expect(contexts.map((ctx) => [ctx.cancelled, ctx.signal.aborted])).toEqual(
        Array.from({ length: 3 }, () => [false, false]),
      );
    });

    it('a signal that aborts after the end changes nothing', async () => {
      const { stub } = await rig(transport, kind.handler(nothing));
      const controller = new AbortController();
      const reply = await kind.call(stub, { signal: controller.signal });
      controller.abort();
      await turns();
      expect(reply).toEqual({ n: 1 });
    });
  });
}

function deadlineStories(transport: TransportName, kind: Kind): void {
  describe('deadline', () => {
    it.each(['timeout', 'deadline'])('%s ends the call on both sides', async (option) => {
      const told = later<unknown>();
      const { stub } = await rig(
        transport,
        kind.handler(async (ctx) => {
          const reason = await aborted(ctx.signal);
          told.resolve(reason);
          throw reason;
        }),
      );
      const limit =
        option === 'timeout' ? { timeout: 200 } : { deadline: new Date(Date.now() + 200) };
      const error = await rejection(kind.call(stub, limit));
      expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({
        code: Status.DEADLINE_EXCEEDED,
      });
    });

    it('the handler sees the deadline, the earlier of the two', async () => {
      const seen = later<[Date | undefined, number]>();
      const { stub } = await rig(
        transport,
        kind.handler((ctx) => seen.resolve([ctx.deadline, ctx.timeRemaining()])),
      );
      const deadline = new Date(Date.now() + 30_000);
      await kind.call(stub, { timeout: 60_000, deadline });
      const [date, remaining] = await seen.promise;
      expect(Math.abs((date as Date).getTime() - deadline.getTime())).toBeLessThan(2_000);
      expect(remaining).toBeGreaterThan(20_000);
      expect(remaining).toBeLessThanOrEqual(30_100);
    });

    it('without one there is no deadline', async () => {
      const seen = later<unknown[]>();
      const { stub } = await rig(
        transport,
        kind.handler((ctx) => seen.resolve([ctx.deadline, ctx.timeRemaining()])),
      );
      await kind.call(stub, { timeout: Infinity });
      expect(await seen.promise).toEqual([undefined, Infinity]);
    });

    it.each([
      ['a timeout of 0', { timeout: 0 }],
      ['a deadline in the past', { deadline: new Date(0) }],
    ])('%s starts nothing', async (_what, limit) => {
      let started = 0;
      const { stub } = await rig(
        transport,
        kind.handler(() => {
          started += 1;
        }),
      );
      expect(await rejection(kind.call(stub, limit))).toMatchObject({
        code: Status.DEADLINE_EXCEEDED,
      });
      await kind.call(stub);
      expect(started).toBe(1);
    });

    it.each([
      ['30 days', 30 * 24 * 3_600_000],
      ['400 days', 400 * 24 * 3_600_000],
    ])('a timeout of %s is no instant one', async (_what, timeout) => {
      const { stub } = await rig(
        transport,
        kind.handler(() => turns()),
      );
      expect(await kind.call(stub, { timeout })).toEqual({ n: 1 });
    });

    it('a parent passes its deadline on', async () => {
      const inner = later<number>();
      const { stub: far } = await rig(
        transport,
        kind.handler(async (ctx) => {
          inner.resolve(ctx.timeRemaining());
          throw await aborted(ctx.signal);
        }),
      );
      const { stub } = await rig(
        transport,
        kind.handler((ctx) => kind.call(far, { parent: ctx, timeout: 60_000 })),
      );
      const error = await rejection(kind.call(stub, { timeout: 250 }));
      expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
      expect(await soon(inner.promise, 'the inner handler')).toBeLessThanOrEqual(250);
    });

    it('a parent passes its cancellation on', async () => {
      const started = later();
      const told = later<unknown>();
      const failed = later<unknown>();
      const { stub: far } = await rig(
        transport,
        kind.handler(async (ctx) => {
          started.resolve();
          const reason = await aborted(ctx.signal);
          told.resolve(reason);
          throw reason;
        }),
      );
      const { stub } = await rig(
        transport,
        kind.handler(async (ctx) => {
          try {
            await kind.call(far, { parent: ctx });
          } catch (error) {
            failed.resolve(error);
            throw error;
          }
        }),
      );
      const controller = new AbortController();
      const outer = rejection(kind.call(stub, { signal: controller.signal }));
      await soon(started.promise, 'the inner handler to start');
      controller.abort();
      await outer;
      expect(await soon(told.promise, 'the inner signal')).toMatchObject({
        code: Status.CANCELLED,
      });
      expect(await soon(failed.promise, 'the inner call')).toMatchObject({
        code: Status.CANCELLED,
        cause: { code: Status.CANCELLED },
      });
    });

    it('a parent that is over already starts nothing', async () => {
      let started = 0;
      const { stub: far } = await rig(
        transport,
        kind.handler(() => {
          started += 1;
        }),
      );
      const ready = later();
      const nested = later<unknown>();
      const { stub } = await rig(
        transport,
        kind.handler(async (ctx) => {
          ready.resolve();
          await aborted(ctx.signal);
          nested.resolve(await rejection(kind.call(far, { parent: ctx })));
        }),
      );
      const controller = new AbortController();
      const outer = rejection(kind.call(stub, { signal: controller.signal }));
      await soon(ready.promise, 'the handler to start');
      controller.abort();
      await outer;
      expect(await soon(nested.promise, 'the nested call')).toMatchObject({
        code: Status.CANCELLED,
      });
      expect(started).toBe(0);
    });
  });
}

function lostConnectionStories(transport: TransportName, kind: Kind): void {
  describe('lost connection', () => {
    it('both sides hear of it at once, as UNAVAILABLE', async () => {
      const started = later();
      const told = later<unknown>();
      const { stub, cut } = await rig(
        transport,
        kind.handler(async (ctx) => {
          started.resolve();
          const reason = await aborted(ctx.signal);
          told.resolve(reason);
          throw reason;
        }),
        { cuttable: true },
      );
      const failed = rejection(kind.call(stub));
      await soon(started.promise, 'the handler to start');
      cut();
      expect(await failed).toMatchObject({ code: Status.UNAVAILABLE });
      expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
    });

    it('calls go through again on a new connection', async () => {
      let started = later();
      const { stub, cut } = await rig(
        transport,
        kind.handler(async (ctx) => {
          started.resolve();
          if (ctx.metadata.get('wait').length > 0) throw await aborted(ctx.signal);
        }),
        { cuttable: true },
      );
      const failed = rejection(kind.call(stub, { metadata: { wait: 'yes' } }));
      await soon(started.promise, 'the handler to start');
      cut();
      await failed;
      started = later();
      expect(await soon(kind.call(stub, { waitForReady: true }), 'a reply')).toEqual({ n: 1 });
    });
  });
}
