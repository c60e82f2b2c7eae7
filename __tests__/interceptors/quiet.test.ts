import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type CallOptions, type Interceptor, RpcError, Status } from 'tributary';
import { type Handlers, type Message, rig, turns, within } from '../stories/harness.js';
import { acting, call, echo, KINDS } from './kinds.js';

const mine = new Error('mine');
const fail = (): never => {
  throw mine;
};

/** What interceptors leave lying about: promises that nobody looks at, errors of all kinds. */
const CARELESS: { [what: string]: Interceptor } = {
  'forgets next()': async (_call, next) => {
    void next();
  },
  'calls next() thrice': (_call, next) => {
    void next();
    void next();
    return next();
  },
  'writes what does not fit': ({ stream }, next) => {
    void stream.write({ n: 1n });
    void stream.write({ n: 1 });
    return next();
  },
  'reads and forgets': ({ stream }, next) => {
    void stream.read();
    void stream.read(5);
    return next();
  },
  'writes from a source that throws': ({ stream }, next) => {
    const source = function* (): Generator<Message> {
      yield { n: 1 };
      throw mine;
    };
    void stream.writeAll(source());
    return next();
  },
  'says it is done before it begins': ({ stream }, next) => {
    void stream.doneWriting();
    return next();
  },
  'does not wait for the end': (_call, next) =>
    Promise.race([next(), pause(2).then(() => Promise.reject(mine))]),
  'throws after the end': async (_call, next) => {
    await next();
    throw mine;
  },
  'maps requests to errors': (intercepted, next) => {
    intercepted.mapRequests(fail);
    return next();
  },
  'maps replies to errors': (intercepted, next) => {
    intercepted.mapReplies(fail);
    return next();
  },
  'throws at headers': (intercepted, next) => {
    intercepted.onHeaders(fail);
    return next();
  },
};

const HANDLERS: { [what: string]: Handlers } = {
  'end well': echo,
  throw: acting(fail),
  'refuse late': acting(async () => {
    await pause(3);
    throw new RpcError(Status.NOT_FOUND);
  }),
};

/** Options with which a call ends in its own time, by a cancel, or late. */
const ENDS: { [what: string]: () => CallOptions } = {
  'in its own time': () => ({}),
  cancelled: () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    return { signal: controller.signal };
  },
  late: () => ({ timeout: 4 }),
};

const unhandled: unknown[] = [];
const listen = (error: unknown): void => {
  unhandled.push(error);
};
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', listen);
});
afterEach(() => {
  process.off('unhandledRejection', listen);
});

const cases = Object.keys(CARELESS).flatMap((what) =>
  (['client', 'server'] as const).map((side) => [side, what] as const),
);

it.each(cases)('every call ends, and nothing is unhandled: a %s that %s', async (side, what) => {
  const interceptors = [CARELESS[what] as Interceptor];
  for (const handlers of Object.values(HANDLERS)) {
    const { stub, takeErrors } = await rig('memory', handlers, {
      byForce: true,
      ...(side === 'client' ? { client: { interceptors } } : { interceptors }),
    });
    for (const options of Object.values(ENDS)) {
      const calls = KINDS.map((kind) => call(stub, kind, [{ n: 1 }, { n: 2 }], options()));
      await within(15_000, Promise.allSettled(calls), 'all four calls to end');
    }
    await pause(20);
    await turns();
    takeErrors();
  }
  expect(unhandled).toEqual([]);
});
