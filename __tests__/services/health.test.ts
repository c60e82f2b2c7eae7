import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addHealth,
  type CallOptions,
  type Client,
  connect,
  EOF,
  type Health,
  type HealthCheckResponse,
  HealthService,
  json,
  MemoryTransport,
  Server,
  ServingStatus,
  Status,
  service,
  unary,
} from 'tributary';
import {
  collect,
  later,
  rejection,
  rig,
  soon,
  TRANSPORTS,
  type TransportName,
  turns,
  whenOver,
} from '../stories/harness.js';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = ServingStatus;
const STORIES = 'test.Stories';

/** A server with health checks, and what asks it. */
async function checked(name: TransportName) {
  const started = await rig(name, {});
  const health = addHealth(started.server);
  const stub = started.client.stub(HealthService);
  const check = async (service: string) => (await stub.check({ service })).status;
  return { ...started, health, check, ...watching(started.client) };
}

function watching(client: Client) {
  const open = (service: string, options?: CallOptions) =>
    client.stub(HealthService).watch({ service }, options);
  const next = async (stream: ReturnType<typeof open>) => {
    const message = await soon(stream.read(), 'a status');
    return message === EOF ? EOF : message.status;
  };
  return { open, next };
}

describe.each(TRANSPORTS)('health checks over %s', (name) => {
  it('take no places from other calls, and are answered when there are none', async () => {
    const answer = later();
    const { server, client, stub } = await rig(
      name,
      {
        unary: async (request) => {
          await answer.promise;
          return request;
        },
      },
      { maxConcurrentCalls: 1, maxQueuedCalls: 0 },
    );
    addHealth(server);
    const { open, next } = watching(client);
    const watch = open(STORIES);
    expect(await next(watch)).toBe(SERVING);
    const reply = stub.unary({ n: 1 });
    const check = client.stub(HealthService).check({ service: STORIES });
    expect(await soon(check, 'a check of a busy server')).toEqual({ status: SERVING });
    answer.resolve();
    expect(await soon(reply, 'a call beside a watch')).toEqual({ n: 1 });
    watch.cancel();
  });

  it('say of each service how it is', async () => {
    const { check, health, client } = await checked(name);
    expect(await check('')).toBe(SERVING);
    expect(await check(STORIES)).toBe(SERVING);
    health.set(STORIES, 'NOT_SERVING').set('database', 'UNKNOWN');
    expect(await check('')).toBe(SERVING);
    expect(await check(STORIES)).toBe(NOT_SERVING);
    expect(await check('database')).toBe(ServingStatus.UNKNOWN);
    expect((await client.stub(HealthService).list({})).statuses).toEqual({
      '': { status: SERVING },
      [STORIES]: { status: NOT_SERVING },
      'grpc.health.v1.Health': { status: SERVING },
      database: { status: ServingStatus.UNKNOWN },
    });
    health.reset(STORIES).reset('database');
    expect(await check(STORIES)).toBe(SERVING);
    expect(await rejection(check('database'))).toMatchObject({
      code: Status.NOT_FOUND,
      details: 'unknown service database',
    });
  });

  it('tell watchers of changes, and of nothing else', async () => {
    const { open, next, health } = await checked(name);
    const stream = open(STORIES);
    expect(await next(stream)).toBe(SERVING);
    health.set(STORIES, 'SERVING').set('other', 'NOT_SERVING').set(STORIES, 'NOT_SERVING');
    expect(await next(stream)).toBe(NOT_SERVING);
    health.set(STORIES, 'NOT_SERVING').set(STORIES, 'SERVING');
    expect(await next(stream)).toBe(SERVING);
    expect(await stream.read(0)).toBeNull();
    stream.cancel();
  });

  it('watch a service that is not there until it is', async () => {
    const { open, next, server, check } = await checked(name);
    const stream = open('late.Service');
    expect(await next(stream)).toBe(SERVICE_UNKNOWN);
    server.add(service('late.Service', { ask: unary(json(), json()) }), { ask: () => null });
    expect(await next(stream)).toBe(SERVING);
    expect(await check('late.Service')).toBe(SERVING);
    stream.cancel();
  });

  it('hear that the server closes, and do not hold it up', async () => {
    const { open, next, server } = await checked(name);
    const known = open(STORIES);
    const unknown = open('unknown');
    expect(await next(known)).toBe(SERVING);
    expect(await next(unknown)).toBe(SERVICE_UNKNOWN);
    const closed = server.close({ grace: 20_000 });
    expect(await next(known)).toBe(NOT_SERVING);
    expect([await next(known), await next(unknown)]).toEqual([EOF, EOF]);
    expect((await known.status()).code).toBe(Status.OK);
    await soon(closed, 'the server to close');
  });

  it('can be failed before the server closes, for good', async () => {
    const { open, next, health, check } = await checked(name);
    const stream = open('');
    expect(await next(stream)).toBe(SERVING);
    health.shutdown();
    expect(await next(stream)).toBe(NOT_SERVING);
    health.set('', 'SERVING').set(STORIES, 'SERVING');
    expect([await check(''), await check(STORIES)]).toEqual([NOT_SERVING, NOT_SERVING]);
    expect(health.status('unknown')).toBeUndefined();
    stream.cancel();
  });

  it('forget a watcher that is gone', async () => {
    const { open, next, health } = await checked(name);
    const onChange = health.onChange.bind(health);
    const left = later();
    health.onChange = (listener) => {
      const stop = onChange(listener);
      return () => {
        stop();
        left.resolve();
      };
    };
    const stream = open(STORIES);
    await next(stream);
    stream.cancel();
    await soon(left.promise, 'the watch to end without a change');
  });
});

/** A server in memory; nothing is read ahead, so that a watcher can be slow. */
async function startInMemory(): Promise<{ health: Health; server: Server; client: Client }> {
  const transport = new MemoryTransport();
  const server = new Server({ transport, highWaterMark: 1 });
  const health = addHealth(server);
  await server.listen('health');
  const client = connect('health', { transport });
  whenOver(() => server.close({ grace: 0 }));
  whenOver(() => client.close());
  return { health, server, client };
}

it('a slow watcher gets the latest status, and what waits for it is bounded', async () => {
  const { health, server, client } = await startInMemory();
  const { open } = watching(client);
  const stream = open('', { prefetchBytes: 1 });
  const changes = 40_000;
  for (let i = 1; i <= changes; i += 1) {
    health.set('', i % 2 === 0 ? 'SERVING' : 'NOT_SERVING');
    await turns(1);
  }
  health.set('', 'UNKNOWN');
  const closed = server.close({ grace: 20_000 });
  const statuses = (await soon(collect(stream), 'the end of the watch')).map((m) => m.status);
  await soon(closed, 'the server to close');
  expect(statuses.at(-1)).toBe(NOT_SERVING);
  // The window of 64 KiB takes 32,768 of two bytes each.
  expect(statuses.length).toBeLessThan(33_000);
});

it('whatever happens when, a watcher sees each status once and the last one last', async () => {
  const step = fc.oneof(
    fc.constantFrom('SERVING', 'NOT_SERVING', 'UNKNOWN').map((status) => ({ status }) as const),
    fc.constantFrom('reset', 'read', 'turn').map((act) => ({ act }) as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { health, server, client } = await startInMemory();
      const stream = watching(client).open('it');
      const seen: number[] = [];
      const see = (message: HealthCheckResponse | null | typeof EOF): void => {
        if (message !== null && message !== EOF) seen.push(message.status);
      };
      for (const each of steps) {
        if ('status' in each) health.set('it', each.status as never);
        else if (each.act === 'reset') health.reset('it');
        else if (each.act === 'turn') await turns(1);
        else see(await stream.read(0));
      }
      health.set('it', 'SERVING');
      // Should a bug leave the watch open, the last status is still checked.
      const closed = server.close({ grace: 1_000 });
      for (const message of await soon(collect(stream), 'the end of the watch')) see(message);
      await soon(closed, 'the server to close');
      expect(seen.at(-1)).toBe(NOT_SERVING);
      expect(seen.every((status, i) => status !== seen[i - 1])).toBe(true);
      await client.close();
    }),
    { numRuns: 40 },
  );
});

describe('misuse', () => {
  it('is refused at once', () => {
    const server = new Server({ transport: new MemoryTransport() });
    const health = addHealth(server);
    expect(() => addHealth(server)).toThrow('/grpc.health.v1.Health/Check has a handler already');
    expect(() => addHealth({} as never)).toThrow('addHealth() takes a Server, got {}');
    expect(() => health.set(1 as never, 'SERVING')).toThrow(
      'a health service is named by a string, got 1 (number)',
    );
    expect(() => health.set('', 'DOWN' as never)).toThrow(
      "a health status is one of SERVING, NOT_SERVING, UNKNOWN; got 'DOWN' (string)",
    );
    expect(() => health.set('', 2 as never)).toThrow('a health status is a string, got 2 (number)');
  });
});

it('only a boolean says whether a service is limited', () => {
  const Shop = service('test.Shop', { buy: unary(json<string>(), json<string>()) });
  const add = () => new Server().add(Shop, { buy: (x) => x }, { limited: 1 as never });
  expect(add).toThrow(new TypeError('limited must be a boolean, got 1 (number)'));
});
