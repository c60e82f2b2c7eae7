import { describe, expect, it } from '@jest/globals';
import { connect, contextKey, type Interceptor, Server } from 'tributary';
import {
  type Handlers,
  type Message,
  PLAIN_TRANSPORTS,
  rig,
  Stories,
  whenOver,
} from '../stories/harness.js';
import { call, echo, KINDS, noting } from './kinds.js';

describe.each(PLAIN_TRANSPORTS)('the order of interceptors over %s', (transport) => {
  it.each(KINDS)('client, stub, call; server, service, handler: %s', async (kind) => {
    const notes: string[] = [];
    const { server, client } = await rig(
      transport,
      {},
      {
        interceptors: [noting(notes, 'server 1'), noting(notes, 'server 2')],
        client: { interceptors: [noting(notes, 'client 1'), noting(notes, 'client 2')] },
      },
    );
    const Own = { ...Stories, name: 'test.Own', methods: ownMethods() };
    server.add(Own, echo as Required<Handlers>, { interceptors: [noting(notes, 'service')] });
    const stub = client.stub(Own, { interceptors: [noting(notes, 'stub')] });
    await call(stub, kind, [{ n: 3 }], { interceptors: [noting(notes, 'call')] });
    const order = ['client 1', 'client 2', 'stub', 'call', 'server 1', 'server 2', 'service'];
    expect(notes).toEqual([
      ...order.map((name) => `${name} in`),
      ...order
        .slice(4)
        .reverse()
        .map((name) => `${name} out`),
      ...order
        .slice(0, 4)
        .reverse()
        .map((name) => `${name} out`),
    ]);
  });

  it.each(KINDS)(
    'maps: requests from the outside in, replies from the inside out: %s',
    async (kind) => {
      const seen: (string | undefined)[] = [];
      const { stub } = await rig(
        transport,
        {
          unary: ({ text }) => ({ n: 0, text: `${text}|` }),
          *serverStream({ text }) {
            yield { n: 0, text: `${text}|` };
          },
          async clientStream(stream) {
            for await (const { text } of stream) seen.push(text);
            return { n: 0, text: `${seen[0]}|` };
          },
          async *bidiStream(stream) {
            for await (const { text } of stream) yield { n: 0, text: `${text}|` };
          },
        },
        {
          interceptors: [adding('c'), adding('d')],
          client: { interceptors: [adding('a'), adding('b')] },
        },
      );
      expect(await call(stub, kind)).toEqual([{ n: 0, text: 'abcd|dcba' }]);
    },
  );

  it('what interceptors leave in values reaches the inner ones and the handler', async () => {
    const who = contextKey<string>('who');
    let inner: string | undefined;
    const { stub } = await rig(
      transport,
      { unary: (_request, ctx) => ({ n: 1, text: ctx.values.require(who) }) },
      {
        interceptors: [
          (intercepted, next) => {
            intercepted.values.set(who, 'Ada');
            return next();
          },
        ],
        client: {
          interceptors: [
            (intercepted, next) => {
              intercepted.values.set(who, 'the client');
              return next();
            },
            (intercepted, next) => {
              inner = intercepted.values.get(who);
              return next();
            },
          ],
        },
      },
    );
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1, text: 'Ada' });
    expect(inner).toBe('the client');
  });
});

it('a value that nobody has set is undefined, or an error that names its key', async () => {
  const key = contextKey<number>('limit');
  const { stub, takeErrors } = await rig('memory', {
    unary: (_request, ctx) => ({ n: ctx.values.get(key) ?? ctx.values.require(key) }),
  });
  await expect(stub.unary({ n: 1 })).rejects.toMatchObject({ code: 2 });
  expect(String(takeErrors()[0])).toBe("Error: no interceptor has set the context value 'limit'");
  expect(() => contextKey(7 as never)).toThrow(TypeError);
});

describe('bad interceptors', () => {
  const bad: [string, unknown, string][] = [
    ['no list', () => {}, 'interceptors must be an array'],
    ['no function', [undefined], 'interceptors[0] must be a function, got undefined'],
    ['not the second', [noting([], ''), 'x'], "interceptors[1] must be a function, got 'x'"],
  ];
  it.each(bad)('%s: a TypeError at every level', async (_what, interceptors, words) => {
    const options = { interceptors } as never;
    expect(() => connect('127.0.0.1:1', options)).toThrow(words);
    expect(() => new Server(options)).toThrow(words);
    expect(() => new Server().add(Stories, echo as Required<Handlers>, options)).toThrow(words);
    const client = connect('127.0.0.1:1');
    whenOver(() => client.close());
    expect(() => client.stub(Stories, options)).toThrow(words);
    await expect(client.stub(Stories).unary({ n: 1 }, options)).rejects.toThrow(words);
    expect(() => client.stub(Stories).bidiStream(options)).toThrow(TypeError);
  });

  it('unknown options of stubs and services name those there are', () => {
    const client = connect('127.0.0.1:1');
    whenOver(() => client.close());
    const options = { interceptor: [] } as never;
    expect(() => client.stub(Stories, options)).toThrow("stub() has no option 'interceptor'");
    expect(() => new Server().add(Stories, echo as Required<Handlers>, options)).toThrow(
      "add() has no option 'interceptor'",
    );
  });
});

/** The methods of the stories at paths of their own. */
function ownMethods(): typeof Stories.methods {
  const methods = Object.entries(Stories.methods).map(([name, method]) => [
    name,
    { ...method, path: method.path.replace('test.Stories', 'test.Own') },
  ]);
  return Object.fromEntries(methods) as typeof Stories.methods;
}

/** Adds a letter to the text of every message. */
function adding(letter: string): Interceptor {
  const map = (message: unknown): Message => {
    const { n, text = '' } = message as Message;
    return { n, text: text + letter };
  };
  return (intercepted, next) => {
    intercepted.mapRequests(map);
    intercepted.mapReplies(map);
    return next();
  };
}
