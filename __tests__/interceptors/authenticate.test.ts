import { describe, expect, it } from '@jest/globals';
import {
  authenticate,
  bearerAuth,
  type CallCredentials,
  connect,
  contextKey,
  RpcError,
  Server,
  Status,
} from 'tributary';
import {
  later,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  Stories,
  whenOver,
} from '../stories/harness.js';
import { acting, call, echo, KINDS } from './kinds.js';

interface User {
  readonly name: string;
}
const user = contextKey<User>('user');
const verify = async (token: string): Promise<User | undefined> =>
  token === 'good' ? { name: 'Ada' } : undefined;

describe.each(PLAIN_TRANSPORTS)('authentication over %s', (transport) => {
  it.each(KINDS)('who calls is known to the handler: %s', async (kind) => {
    const seen = later<User>();
    const { stub } = await rig(
      transport,
      acting((_request, ctx) => seen.resolve(ctx.values.require(user))),
      {
        interceptors: [authenticate(verify, { as: user })],
        client: { interceptors: [bearerAuth('good')] },
      },
    );
    expect(await call(stub, kind)).toEqual([{ n: 1 }]);
    expect(await seen.promise).toEqual({ name: 'Ada' });
  });

  it.each([false, null, undefined])('whoever verify says %s of is refused', async (nobody) => {
    const verdict = (token: string): true | typeof nobody => token === 'good' || nobody;
    const { stub } = await rig(transport, echo, { interceptors: [authenticate(verdict)] });
    const withToken = (token: string) => ({ interceptors: [bearerAuth(token)] });
    await expect(stub.unary({ n: 1 }, withToken('good'))).resolves.toEqual({ n: 1 });
    expect(await rejection(stub.unary({ n: 1 }, withToken('bad')))).toMatchObject({
      code: Status.UNAUTHENTICATED,
      details: 'the token is not valid',
    });
  });

  const refused: [string, string | undefined, string][] = [
    ['no header', undefined, 'the call has no authorization header'],
    ['another scheme', 'Basic QWxhZGRpbg==', 'the authorization header has no bearer token'],
    ['no token', 'Bearer', 'the authorization header has no bearer token'],
    ['a wrong token', 'bearer bad', 'the token is not valid'],
  ];
  describe.each(refused)('%s', (_what, authorization, details) => {
    it.each(KINDS)(
      'is refused before the handler begins or a message is read: %s',
      async (kind) => {
        let begun = 0;
        let read = 0;
        const { stub } = await rig(
          transport,
          acting(() => {
            begun += 1;
          }),
          {
            interceptors: [
              (intercepted, next) => {
                intercepted.mapRequests(() => {
                  read += 1;
                });
                return next();
              },
              authenticate(verify),
            ],
          },
        );
        const metadata = authorization === undefined ? {} : { authorization };
        const error = await rejection(call(stub, kind, [...numbered(5)], { metadata }));
        expect(error).toMatchObject({ code: Status.UNAUTHENTICATED, details });
        expect([begun, read]).toEqual([0, 0]);
      },
    );
  });

  it('methods that anybody may call need no token', async () => {
    const { stub } = await rig(transport, echo, {
      interceptors: [authenticate(verify, { except: ['/test.Stories/Unary'] })],
    });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(await rejection(call(stub, 'bidiStream'))).toMatchObject({
      code: Status.UNAUTHENTICATED,
    });
  });

  it('what verify throws ends the call: its own status, or neutral words', async () => {
    const mine = new Error('the database is down at 10.0.0.1');
    let thrown: unknown = new RpcError(Status.UNAVAILABLE, 'later');
    const failing = () => Promise.reject(thrown);
    const { stub, takeErrors } = await rig(transport, echo, {
      interceptors: [authenticate(failing)],
      client: { interceptors: [bearerAuth('good')] },
    });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ details: 'later' });
    thrown = mine;
    const error = (await rejection(stub.unary({ n: 1 }))) as RpcError;
    expect(error.code).toBe(Status.UNKNOWN);
    expect(error.details).not.toContain('10.0.0.1');
    expect(takeErrors()).toEqual([mine]);
  });

  it("a token is asked for every call anew; what its source throws is the call's error", async () => {
    const tokens = ['good', 'bad', 'two words', new RpcError(Status.RESOURCE_EXHAUSTED, 'no more')];
    const next = async (): Promise<string> => {
      const token = tokens.shift();
      if (typeof token !== 'string') throw token;
      return token;
    };
    const { stub } = await rig(transport, echo, {
      interceptors: [authenticate(verify)],
      client: { interceptors: [bearerAuth(next)] },
    });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNAUTHENTICATED });
    const misfit = (await rejection(stub.unary({ n: 1 }))) as RpcError;
    expect(misfit.message).toContain('bearerAuth() token must be');
    expect(misfit.message).not.toContain('two words');
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
    });
  });
});

it('bad options are refused at once, and secrets are not repeated', () => {
  expect(() => bearerAuth('two words')).toThrow(TypeError);
  expect(() => bearerAuth('two words')).not.toThrow(/two words/);
  expect(() => bearerAuth(7 as never)).toThrow('takes a token or a function that gives one');
  expect(() => authenticate('x' as never)).toThrow('authenticate() verify must be a function');
  expect(() => authenticate(verify, { key: user } as never)).toThrow("no option 'key'");
  expect(() => authenticate(verify, { except: ['Unary'] })).toThrow("got 'Unary'");
});

describe('credentials', () => {
  const credentials: CallCredentials = async ({ path, target }) => ({
    authorization: 'Bearer good',
    'x-for': `${target}${path}`,
  });

  it.each(KINDS)('of a client or of a call, which come first: %s', async (kind) => {
    const seen: unknown[] = [];
    const handlers = acting((_request, { metadata }) => {
      seen.push([metadata.get('authorization'), metadata.get('x-for')]);
    });
    const { stub, address } = await rig('memory', handlers, { client: { credentials } });
    const path = `/test.Stories/${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    await call(stub, kind);
    await call(stub, kind, [{ n: 1 }], {
      credentials: () => ({ authorization: 'Bearer other' }),
    });
    expect(seen).toEqual([
      [['Bearer good'], [`${address}${path}`]],
      [['Bearer other'], []],
    ]);
  });

  it('are fetched for each attempt, and sent once', async () => {
    const seen: unknown[] = [];
    const { stub } = await rig(
      'memory',
      acting((_request, ctx) => {
        seen.push(ctx.metadata.get('authorization'));
        if (seen.length === 1) ctx.abort(Status.UNAVAILABLE);
      }),
      {
        client: {
          credentials,
          interceptors: [(_call, next) => next().catch(() => next())],
        },
      },
    );
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(seen).toEqual([['Bearer good'], ['Bearer good']]);
  });

  it('that cannot be had are UNAUTHENTICATED, unless they say what they are', async () => {
    const { stub } = await rig('memory', echo);
    const failing = (thrown: unknown) =>
      rejection(stub.unary({ n: 1 }, { credentials: () => Promise.reject(thrown) }));
    const mine = new Error('no route');
    expect(await failing(mine)).toMatchObject({
      code: Status.UNAUTHENTICATED,
      details: 'the credentials cannot be had: no route',
      cause: mine,
    });
    const ours = new RpcError(Status.UNAVAILABLE, 'the token server');
    expect(await failing(ours)).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('that never come do not hold a call beyond its time, and hear of that', async () => {
    const { stub } = await rig('memory', echo);
    let reason: unknown;
    const waiting: CallCredentials = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(reason);
        });
      });
    const error = await rejection(stub.unary({ n: 1 }, { credentials: waiting, timeout: 40 }));
    expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(reason).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  it('do not travel in clear text', async () => {
    expect(() => connect('127.0.0.1:1', { credentials })).toThrow('connect with the option tls');
    expect(() => connect('127.0.0.1:1', { credentials: 'x' as never })).toThrow(
      'credentials must be a function',
    );
    const client = connect('127.0.0.1:1');
    whenOver(() => client.close());
    const stub = client.stub(Stories);
    await expect(stub.unary({ n: 1 }, { credentials })).rejects.toThrow(TypeError);
    expect(() => new Server({ credentials } as never)).toThrow("no option 'credentials'");
  });
});
