import { describe, expect, it } from '@jest/globals';
import {
  type ClientInterceptor,
  type Interceptor,
  Metadata,
  type RpcError,
  Status,
} from 'tributary';
import {
  collect,
  later,
  type Message,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  soon,
} from '../stories/harness.js';
import { acting, call, echo, KINDS } from './kinds.js';

/** As it is, and with every message of the call going through its pair of streams. */
const WAYS: [string, ClientInterceptor[]][] = [
  ['untouched', []],
  [
    'touched',
    [
      (intercepted, next) => {
        void intercepted.stream;
        return next();
      },
    ],
  ],
];

describe.each(PLAIN_TRANSPORTS)('interceptors that change things over %s', (transport) => {
  describe.each(WAYS)('%s', (_way, inner) => {
    it.each(KINDS)('request metadata: %s', async (kind) => {
      const seen = later<unknown[]>();
      const add: ClientInterceptor = (intercepted, next) => {
        intercepted.metadata.set('x-added', 'by the client');
        intercepted.metadata.remove('x-removed');
        return next();
      };
      const { stub } = await rig(
        transport,
        acting((_request, { metadata }) =>
          seen.resolve(['x-added', 'x-removed', 'x-server'].map((key) => metadata.get(key)[0])),
        ),
        {
          interceptors: [
            (intercepted, next) => {
              intercepted.metadata.set('x-server', String(intercepted.metadata.get('x-added')[0]));
              return next();
            },
          ],
          client: { interceptors: [add, ...inner] },
        },
      );
      const metadata = new Metadata();
      metadata.set('x-removed', 'by the caller');
      await call(stub, kind, [{ n: 1 }], { metadata });
      expect(await seen.promise).toEqual(['by the client', undefined, 'by the client']);
      expect(metadata.getMap()).toEqual({ 'x-removed': 'by the caller' });
    });

    it.each(KINDS)('response headers and trailers: %s', async (kind) => {
      const change: Interceptor = async (intercepted, next) => {
        const { side } = intercepted;
        intercepted.onHeaders((headers) => headers.set(`h-${side}`, String(headers.get('h')[0])));
        const { trailers } = await next();
        trailers.set(`t-${side}`, String(trailers.get('t')[0]));
      };
      const { stub } = await rig(
        transport,
        acting((_request, ctx) => {
          ctx.sendHeaders({ h: 'sent' });
          ctx.trailers.set('t', 'set');
        }),
        { interceptors: [change], client: { interceptors: [change, ...inner] } },
      );
      let headers = new Metadata();
      let trailers = new Metadata();
      await call(stub, kind, [{ n: 1 }], {
        onHeaders: (got) => {
          headers = got;
        },
        onTrailers: (got) => {
          trailers = got;
        },
      });
      expect(headers.getMap()).toMatchObject({ h: 'sent', 'h-server': 'sent', 'h-client': 'sent' });
      expect(trailers.getMap()).toMatchObject({ t: 'set', 't-server': 'set', 't-client': 'set' });
    });

    it.each(KINDS)('the trailers of an error: %s', async (kind) => {
      const change: ClientInterceptor = async (_intercepted, next) => {
        try {
          await next();
        } catch (error) {
          (error as RpcError).trailers.set('x-seen', 'yes');
          throw error;
        }
      };
      const { stub } = await rig(
        transport,
        acting((_request, ctx) => ctx.abort(Status.NOT_FOUND, 'nothing here')),
        { client: { interceptors: [change, ...inner] } },
      );
      const error = (await rejection(call(stub, kind))) as RpcError;
      expect(error).toMatchObject({ code: Status.NOT_FOUND, details: 'nothing here' });
      expect(error.trailers.get('x-seen')).toEqual(['yes']);
    });

    it.each(KINDS)('a timeout that is tightened ends the call: %s', async (kind) => {
      const over = later();
      const { stub } = await rig(
        transport,
        acting(async (_request, ctx) => {
          expect(ctx.timeRemaining()).toBeLessThanOrEqual(60);
          await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
          over.resolve();
          throw ctx.signal.reason;
        }),
        {
          client: {
            interceptors: [
              (intercepted, next) => {
                intercepted.options.timeout = 60;
                return next();
              },
              ...inner,
            ],
          },
        },
      );
      const error = await rejection(call(stub, kind, [{ n: 1 }], { timeout: 60_000 }));
      expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
      await soon(over.promise, 'the handler to be told');
    });

    it.each(KINDS)('a limit cannot be loosened: %s', async (kind) => {
      const { stub } = await rig(
        transport,
        acting(async (_request, ctx) => {
          expect(ctx.timeRemaining()).toBeLessThanOrEqual(80);
          await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
        }),
        {
          byForce: true,
          client: {
            interceptors: [
              (intercepted, next) => {
                intercepted.options.timeout = 60_000;
                intercepted.options.deadline = new Date(Date.now() + 60_000);
                return next();
              },
              ...inner,
            ],
          },
        },
      );
      const error = await rejection(call(stub, kind, [{ n: 1 }], { timeout: 80 }));
      expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    });

    it.each(KINDS)('every message both ways, in order, whatever the kind: %s', async (kind) => {
      const heard: string[] = [];
      const mapping =
        (side: string, factor: number): Interceptor =>
        (intercepted, next) => {
          intercepted.mapRequests((message) => {
            const { n } = message as Message;
            heard.push(`${side} request ${n}`);
            return { n: n * factor };
          });
          intercepted.mapReplies((message) => {
            heard.push(`${side} reply ${(message as Message).n}`);
          });
          return next();
        };
      const { stub } = await rig(transport, echo, {
        interceptors: [mapping('server', 10)],
        client: { interceptors: [mapping('client', 2), ...inner] },
      });
      const replies = await call(stub, kind, [...numbered(3)]);
      const expected = {
        unary: [0],
        serverStream: [0, 1],
        clientStream: [60],
        bidiStream: [0, 20, 40],
      }[kind];
      expect(replies.map(({ n }) => n)).toEqual(expected);
      const of = (what: string) => heard.filter((line) => line.startsWith(what));
      const sent = kind === 'unary' || kind === 'serverStream' ? [0] : [0, 1, 2];
      expect(of('client request')).toEqual(sent.map((n) => `client request ${n}`));
      expect(of('server request')).toEqual(sent.map((n) => `server request ${n * 2}`));
      expect(of('server reply')).toEqual(expected.map((n) => `server reply ${n}`));
      expect(of('client reply')).toEqual(expected.map((n) => `client reply ${n}`));
    });
  });

  it('waitForReady, so that a call waits for its server', async () => {
    const { stub, server } = await rig(transport, echo, {
      client: {
        interceptors: [
          (intercepted, next) => {
            expect(intercepted.options.waitForReady).toBe(undefined);
            intercepted.options.waitForReady = true;
            intercepted.options.timeout = 80;
            return next();
          },
        ],
      },
    });
    await stub.unary({ n: 1 });
    await server.close();
    const error = await rejection(stub.unary({ n: 1 }));
    expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  it('what it says of a call', async () => {
    const seen: unknown[] = [];
    const look: Interceptor = (intercepted, next) => {
      const { side, method, deadline, peer, ctx, options } = intercepted;
      seen.push([side, method.path, deadline instanceof Date, peer, ctx?.method, options?.timeout]);
      return next();
    };
    const { stub, address } = await rig(transport, echo, {
      interceptors: [look],
      client: { interceptors: [look] },
    });
    await stub.unary({ n: 1 }, { timeout: 5_000 });
    const path = '/test.Stories/Unary';
    expect(seen).toEqual([
      ['client', path, true, address, undefined, 5_000],
      ['server', path, true, expect.stringMatching(/^127\.0\.0\.1:|^memory$/), path, undefined],
    ]);
  });

  it('headers reach a client whose stream is empty', async () => {
    const { stub } = await rig(
      transport,
      { *serverStream() {} },
      {
        interceptors: [
          (intercepted, next) => {
            intercepted.onHeaders((headers) => headers.set('x-id', '7'));
            return next();
          },
        ],
      },
    );
    const stream = stub.serverStream({ n: 1 });
    expect(await collect(stream)).toEqual([]);
    expect((await stream.headers()).get('x-id')).toEqual(['7']);
  });

  it.each([
    ['timeout', -1, RangeError],
    ['timeout', '5', TypeError],
    ['deadline', 5, TypeError],
    ['waitForReady', 'yes', TypeError],
    ['retries', 5, TypeError],
  ])('a bad option fails the call and is named: %s %j', async (name, value, kind) => {
    const { stub } = await rig(transport, echo, {
      client: {
        interceptors: [
          (intercepted, next) => {
            (intercepted.options as unknown as { [name: string]: unknown })[name] = value;
            return next();
          },
        ],
      },
    });
    const error = (await rejection(stub.unary({ n: 1 }))) as RpcError;
    expect(error.cause).toBeInstanceOf(kind);
    expect(String(error.cause)).toContain(name);
  });

  it('metadata that only the protocol may write fails the call and is named', async () => {
    const { stub } = await rig(transport, echo, {
      client: {
        interceptors: [
          (intercepted, next) => {
            intercepted.metadata.set('grpc-status', '0');
            return next();
          },
        ],
      },
    });
    expect(String(((await rejection(stub.unary({ n: 1 }))) as RpcError).cause)).toContain(
      "metadata key 'grpc-status' is reserved",
    );
  });
});
