import { describe, expect, it, jest } from '@jest/globals';
import { type CallLog, connect, logging, RpcError, Status } from 'tributary';
import {
  later,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  Stories,
  soon,
  turns,
  whenOver,
} from '../stories/harness.js';
import { acting, call, echo, KINDS } from './kinds.js';

describe.each(PLAIN_TRANSPORTS)('logging over %s', (transport) => {
  /** Both sides logged to one list. */
  const logged = async (handlers: Parameters<typeof rig>[1], messages?: boolean) => {
    const log: CallLog[] = [];
    const interceptor = logging({ log: (entry) => log.push(entry), messages });
    const whole = await rig(transport, handlers, {
      interceptors: [interceptor],
      client: { interceptors: [interceptor] },
    });
    return { ...whole, of: (side: string) => log.filter((entry) => entry.side === side) };
  };

  it.each(KINDS)('a call that ends well: %s', async (kind) => {
    const { stub, of } = await logged(echo);
    await call(stub, kind, [...numbered(3)]);
    const path = `/test.Stories/${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    const entry = { path, code: Status.OK, details: '', requests: undefined, replies: undefined };
    expect(of('client')).toEqual([expect.objectContaining(entry)]);
    expect(of('server')).toEqual([expect.objectContaining(entry)]);
    expect(of('client')[0]?.duration).toBeGreaterThan(0);
    expect(of('server')[0]?.peer).toMatch(/^127\.0\.0\.1:|^memory$/);
  });

  it.each(KINDS)('messages, where they are to be counted: %s', async (kind) => {
    const { stub, of } = await logged(echo, true);
    await call(stub, kind, [...numbered(3)]);
    const [requests, replies] = {
      unary: [1, 1],
      serverStream: [1, 2],
      clientStream: [3, 1],
      bidiStream: [3, 3],
    }[kind];
    expect(of('client')[0]).toMatchObject({ requests, replies });
    expect(of('server')[0]).toMatchObject({ requests, replies });
  });

  it.each(KINDS)('a call that the handler refuses: %s', async (kind) => {
    const { stub, of } = await logged(
      acting((_request, ctx) => ctx.abort(Status.NOT_FOUND, 'nothing')),
    );
    await rejection(call(stub, kind));
    const entry = { code: Status.NOT_FOUND, details: 'nothing' };
    expect(of('client')).toEqual([expect.objectContaining(entry)]);
    expect(of('server')).toEqual([expect.objectContaining(entry)]);
  });

  it.each(KINDS)("a handler's exception, whose words only the server has: %s", async (kind) => {
    const mine = new TypeError('the secret');
    const { stub, of, takeErrors } = await logged(
      acting(() => {
        throw mine;
      }),
    );
    await rejection(call(stub, kind));
    expect(of('server')).toMatchObject([{ code: Status.UNKNOWN, details: 'the secret' }]);
    expect(of('client')).toMatchObject([{ code: Status.UNKNOWN }]);
    expect(of('client')[0]?.details).not.toContain('secret');
    expect(takeErrors()).toEqual([mine]);
  });

  it.each(KINDS)('a call that is cancelled, though its handler is stuck: %s', async (kind) => {
    const begun = later();
    const { stub, of } = await logged(
      acting(() => {
        begun.resolve();
        return new Promise(() => {});
      }),
    );
    const controller = new AbortController();
    const failed = rejection(call(stub, kind, [{ n: 1 }], { signal: controller.signal }));
    await soon(begun.promise, 'the handler to begin');
    controller.abort();
    await failed;
    for (let i = 0; of('server').length === 0 && i < 1_000; i += 1) await turns(1);
    expect(of('client')).toMatchObject([{ code: Status.CANCELLED }]);
    expect(of('server')).toMatchObject([{ code: Status.CANCELLED }]);
  });

  const failing: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ];
  it.each(failing)('a log that %s is warned of, and the call goes on', async (_how, log) => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    try {
      const { stub } = await rig(transport, echo, { client: { interceptors: [logging({ log })] } });
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
      await turns();
      expect(warned.mock.calls).toEqual([['logging() log threw: disk full', 'TributaryWarning']]);
    } finally {
      warned.mockRestore();
    }
  });

  it('a line on standard error, unless told otherwise', async () => {
    const lines: string[] = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    try {
      const { stub } = await rig(
        transport,
        { ...echo, unary: () => Promise.reject(new RpcError(Status.ABORTED, 'no')) },
        { client: { interceptors: [logging({ messages: true })] } },
      );
      await rejection(stub.unary({ n: 1 }));
    } finally {
      write.mockRestore();
    }
    expect(lines).toEqual([
      expect.stringMatching(
        /^client \/test\.Stories\/Unary \S+ ABORTED no \d+\.\d ms 1 requests, 0 replies\n$/,
      ),
    ]);
  });
});

it('names the server that has answered, not the target', async () => {
  const peers: string[] = [];
  const { address } = await rig('grpc', echo);
  const client = connect(address.replace('127.0.0.1', 'localhost'), {
    interceptors: [logging({ log: ({ peer }) => peers.push(peer) })],
  });
  whenOver(() => client.close());
  await client.stub(Stories).unary({ n: 1 });
  expect(peers).toEqual([address]);
});

it('refuses options that it does not have', () => {
  expect(() => logging({ log: 'console' } as never)).toThrow('logging() log must be a function');
  expect(() => logging({ level: 'info' } as never)).toThrow("logging() has no option 'level'");
});
