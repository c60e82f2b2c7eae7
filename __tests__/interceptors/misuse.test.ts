import { describe, expect, it } from '@jest/globals';
import {
  type ClientInterceptedCall,
  type ClientInterceptor,
  type Interceptor,
  RpcError,
  type ServerInterceptedCall,
  type ServerInterceptor,
  Status,
} from 'tributary';
import {
  collect,
  later,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  soon,
  turns,
} from '../stories/harness.js';
import { acting, call, echo, KINDS } from './kinds.js';

const touch: ClientInterceptor = (intercepted, next) => {
  void intercepted.stream;
  return next();
};

describe.each(PLAIN_TRANSPORTS)('interceptors that err over %s', (transport) => {
  it.each(KINDS)('a client does not wait for next(): %s', async (kind) => {
    const forgetful: Interceptor = async (_call, next) => {
      void next();
    };
    const { stub } = await rig(transport, echo, { client: { interceptors: [forgetful] } });
    const error = await rejection(call(stub, kind));
    expect(error).toMatchObject({ code: Status.INTERNAL });
    expect(String(error)).toContain('it must return or await next()');
  });

  it.each(KINDS)('a server does not wait for next(): %s', async (kind) => {
    const forgetful: Interceptor = async (_call, next) => {
      void next();
    };
    const handlers = acting(() => turns(20));
    const { stub } = await rig(transport, handlers, { interceptors: [forgetful] });
    const error = await rejection(call(stub, kind));
    expect(error).toMatchObject({ code: Status.INTERNAL });
    await turns(60);
  });

  it.each(KINDS)('a foreign error of a client keeps its words and its cause: %s', async (kind) => {
    const mine = new TypeError('mine');
    const throwing = () => {
      throw mine;
    };
    const { stub } = await rig(transport, echo, { client: { interceptors: [throwing] } });
    const error = await rejection(call(stub, kind));
    expect(error).toMatchObject({ code: Status.UNKNOWN, details: 'mine', cause: mine });
  });

  it.each(KINDS)('a foreign error of a server is for onError: %s', async (kind) => {
    const mine = new TypeError('the secret');
    const throwing = () => {
      throw mine;
    };
    const { stub, takeErrors } = await rig(transport, echo, { interceptors: [throwing] });
    const error = (await rejection(call(stub, kind))) as RpcError;
    expect(error).toMatchObject({ code: Status.UNKNOWN });
    expect(error.message).not.toContain('secret');
    expect(takeErrors()).toEqual([mine]);
  });

  const DIRECTIONS = ['mapRequests', 'mapReplies'] as const;
  describe.each(DIRECTIONS)('%s that throws', (direction) => {
    const throwing =
      (thrown: unknown): Interceptor =>
      (intercepted, next) => {
        intercepted[direction](() => {
          throw thrown;
        });
        return next();
      };
    const mine = new TypeError('the secret');
    const ours = new RpcError(Status.OUT_OF_RANGE, 'too far');

    describe.each([
      ['untouched', []],
      ['touched', [touch]],
    ] as [string, ClientInterceptor[]][])('on a client, %s', (_what, inner) => {
      it.each(KINDS)('ends the call: %s', async (kind) => {
        const start = (thrown: unknown) =>
          rig(transport, echo, { client: { interceptors: [throwing(thrown), ...inner] } });
        const first = await start(ours);
        expect(await rejection(call(first.stub, kind))).toMatchObject({
          code: Status.OUT_OF_RANGE,
          details: 'too far',
        });
        const second = await start(mine);
        const error = await rejection(call(second.stub, kind));
        expect(error).toMatchObject({ code: Status.UNKNOWN, cause: mine });
      });
    });

    it.each(KINDS)('on a server ends the call with it: %s', async (kind) => {
      let seen: unknown;
      const watching: Interceptor = async (_call, next) => {
        try {
          return await next();
        } catch (error) {
          seen = error;
          throw error;
        }
      };
      const { stub } = await rig(transport, echo, { interceptors: [watching, throwing(ours)] });
      const error = await rejection(call(stub, kind));
      expect(error).toMatchObject({ code: Status.OUT_OF_RANGE, details: 'too far' });
      expect(seen).toBe(ours);
    });

    it.each(KINDS)('on a server keeps foreign words for onError: %s', async (kind) => {
      const { stub, takeErrors } = await rig(transport, echo, { interceptors: [throwing(mine)] });
      const error = (await rejection(call(stub, kind))) as RpcError;
      expect(error).toMatchObject({ code: Status.UNKNOWN });
      expect(error.message).not.toContain('secret');
      await turns();
      expect(takeErrors()).toEqual([mine]);
    });
  });

  it('a handler cannot swallow what a map throws', async () => {
    let seen: unknown;
    const { stub } = await rig(
      transport,
      {
        async *bidiStream(stream) {
          try {
            for await (const message of stream) yield message;
          } catch (error) {
            seen = error;
          }
          yield { n: -1 };
        },
      },
      {
        interceptors: [
          (intercepted, next) => {
            intercepted.mapRequests((message) => {
              if ((message as { n: number }).n === 2) throw new RpcError(Status.OUT_OF_RANGE, '2');
            });
            return next();
          },
        ],
      },
    );
    const stream = stub.bidiStream(numbered(5));
    expect(await stream.read()).toEqual({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    const rest = await rejection(collect(stream));
    expect(rest).toMatchObject({ code: Status.OUT_OF_RANGE });
    expect(seen).toMatchObject({ code: Status.OUT_OF_RANGE });
  });

  it.each(KINDS)(
    'what a map throws at a reply that nobody awaits ends the call: %s',
    async (kind) => {
      const answering: ServerInterceptor = async (intercepted) => {
        intercepted.mapReplies(() => {
          throw new RpcError(Status.DATA_LOSS, 'this reply');
        });
        void intercepted.stream.write({ n: 1 });
      };
      const { stub } = await rig(transport, echo, { interceptors: [answering] });
      const expected = { code: Status.DATA_LOSS, details: 'this reply' };
      expect(await rejection(call(stub, kind))).toMatchObject(expected);
    },
  );

  it.each(KINDS)('a map cannot give a promise: %s', async (kind) => {
    const slow: Interceptor = (intercepted, next) => {
      const map = async (): Promise<never> => {
        await turns(1);
        throw new Error('too late');
      };
      if (intercepted.side === 'client') intercepted.mapRequests(map);
      else intercepted.mapReplies(map);
      return next();
    };
    const details = 'a map of messages must give its message at once, got a promise';
    const ofClient = await rig(transport, echo, { client: { interceptors: [slow] } });
    expect(await rejection(call(ofClient.stub, kind))).toMatchObject({ details });
    const { stub, takeErrors } = await rig(transport, echo, { interceptors: [slow] });
    expect(await rejection(call(stub, kind))).toMatchObject({ code: Status.UNKNOWN });
    await turns();
    expect(takeErrors()).toEqual([new TypeError(details)]);
  });

  it.each(KINDS)('an onHeaders that throws ends the call: %s', async (kind) => {
    const throwing: Interceptor = (intercepted, next) => {
      intercepted.onHeaders(() => {
        throw new RpcError(Status.DATA_LOSS, 'these headers');
      });
      return next();
    };
    const expected = { code: Status.DATA_LOSS, details: 'these headers' };
    for (const interceptors of [[throwing], [throwing, touch]]) {
      const { stub } = await rig(transport, echo, { client: { interceptors } });
      expect(await rejection(call(stub, kind))).toMatchObject(expected);
    }
    const { stub } = await rig(transport, echo, { interceptors: [throwing] });
    expect(await rejection(call(stub, kind))).toMatchObject(expected);
  });

  it('maps and listeners must be functions', async () => {
    const wrong = (intercepted: ClientInterceptedCall | ServerInterceptedCall) => {
      expect(() => intercepted.mapRequests(7 as never)).toThrow(
        'mapRequests map must be a function',
      );
      expect(() => intercepted.mapReplies({} as never)).toThrow(
        'mapReplies map must be a function',
      );
      expect(() => intercepted.onHeaders('x' as never)).toThrow('onHeaders listener must be');
    };
    const checking: Interceptor = (intercepted, next) => {
      wrong(intercepted);
      return next();
    };
    const { stub } = await rig(transport, echo, {
      interceptors: [checking],
      client: { interceptors: [checking] },
    });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
  });

  it('the stream of a call that is over refuses reads and writes', async () => {
    const kept = later<ClientInterceptedCall>();
    const { stub } = await rig(transport, echo, {
      client: {
        interceptors: [
          async (intercepted, next) => {
            kept.resolve(intercepted);
            await next();
          },
        ],
      },
    });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    const { stream } = await kept.promise;
    expect(await rejection(stream.read())).toMatchObject({ code: Status.FAILED_PRECONDITION });
    expect(await rejection(stream.write({ n: 1 }))).toBeInstanceOf(RpcError);
  });

  it('one that settles when the call is long over changes nothing', async () => {
    const goOn = later();
    const done = later();
    const { stub } = await rig(transport, echo, {
      client: {
        interceptors: [
          async () => {
            await goOn.promise;
            done.resolve();
            throw new Error('long over');
          },
        ],
      },
    });
    expect(await rejection(stub.unary({ n: 1 }, { timeout: 30 }))).toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
    goOn.resolve();
    await soon(done.promise, 'the interceptor');
    await turns();
  });
});
