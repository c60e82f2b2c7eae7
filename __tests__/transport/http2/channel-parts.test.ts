import { execFile } from 'node:child_process';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Address } from '../../../lib/transport/http2/channel/address.js';
import { Backoff } from '../../../lib/transport/http2/channel/backoff.js';
import { toDestination } from '../../../lib/transport/http2/channel/destination.js';
import { NameResolver } from '../../../lib/transport/http2/channel/name-resolver.js';
import { PingPace } from '../../../lib/transport/http2/channel/ping-pace.js';
import { later, turns, whenOver } from '../../stories/harness.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('what a target means', () => {
  it.each([
    ['shop:1', 'shop:1', 'shop', { host: 'shop', port: 1 }],
    ['dns:shop', 'shop', 'shop', { host: 'shop', port: 443 }],
    ['dns:///shop:1', 'shop:1', 'shop', { host: 'shop', port: 1 }],
    ['dns://8.8.8.8/shop:1', 'shop:1', 'shop', { host: 'shop', port: 1, dnsServer: '8.8.8.8' }],
    ['tri://shop:1/a.B?side=provider', 'shop:1', 'shop', { host: 'shop', port: 1 }],
    ['10.0.0.1:1', '10.0.0.1:1', '10.0.0.1', [{ host: '10.0.0.1', port: 1 }]],
    ['dns:///10.0.0.1', '10.0.0.1', '10.0.0.1', [{ host: '10.0.0.1', port: 443 }]],
    ['[::1]:1', '[::1]:1', '::1', [{ host: '::1', port: 1 }]],
    ['dns:::1', '::1', '::1', [{ host: '::1', port: 443 }]],
    [
      'ipv4:10.0.0.1:1,10.0.0.2',
      '10.0.0.1:1',
      '10.0.0.1',
      [
        { host: '10.0.0.1', port: 1 },
        { host: '10.0.0.2', port: 443 },
      ],
    ],
    [
      'ipv6:[::1]:1,::2',
      '[::1]:1',
      '::1',
      [
        { host: '::1', port: 1 },
        { host: '::2', port: 443 },
      ],
    ],
    ['unix:a.sock', 'localhost', 'localhost', [{ path: 'a.sock' }]],
    ['unix:/run/a.sock', 'localhost', 'localhost', [{ path: '/run/a.sock' }]],
    ['unix:///run/a.sock', 'localhost', 'localhost', [{ path: '/run/a.sock' }]],
  ])('%s', (target, authority, serverName, servers) => {
    expect(toDestination(target)).toEqual({ authority, serverName, servers });
  });
});

describe('backoff', () => {
  it('begins with the first wait, grows by 1.6, give or take a fifth, and begins anew', () => {
    const backoff = new Backoff();
    expect(backoff.next()).toBe(1_000);
    for (let usual = 1_600; usual < 100_000; usual *= 1.6) {
      const wait = backoff.next();
      expect(wait).toBeGreaterThanOrEqual(usual * 0.8);
      expect(wait).toBeLessThanOrEqual(usual * 1.2);
    }
    backoff.reset();
    expect(backoff.next()).toBe(1_000);
  });

  it('is never more than the longest wait', () => {
    const millisecondsFrom = (min: number) => fc.double({ min, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(millisecondsFrom(1), millisecondsFrom(1), fc.nat(40), (initial, max, tries) => {
        const backoff = new Backoff({ initial, max });
        for (let i = 0; i <= tries; i += 1) {
          const wait = backoff.next();
          expect(wait).toBeGreaterThan(0);
          expect(wait).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});

describe('the pace of pings', () => {
  it('is 5 minutes unless told, Infinity if switched off, and halves when it was too much', () => {
    const usual = new PingPace(undefined);
    expect([usual.time, usual.timeout, usual.withoutCalls]).toEqual([300_000, 20_000, false]);
    usual.slowDown();
    expect(usual.time).toBe(600_000);
    expect(new PingPace(false).time).toBe(Infinity);
  });
});

describe('looking a name up', () => {
  const SOME: readonly Address[] = [{ host: '10.0.0.1', port: 1 }];
  const OTHERS: readonly Address[] = [{ host: '10.0.0.2', port: 1 }];

  /** A resolver whose look-ups give these, one after the other. */
  function resolverOf(...answers: (readonly Address[] | Error)[]) {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const state = { lookUps: 0, changes: 0 };
    const resolver = new NameResolver(
      async () => {
        const answer = answers[state.lookUps];
        state.lookUps += 1;
        if (answer instanceof Error) throw answer;
        return answer ?? [];
      },
      undefined,
      () => {
        state.changes += 1;
      },
    );
    whenOver(() => resolver.close());
    return { resolver, state };
  }

  it('happens once, and again when servers were doubted, 30 seconds later at the earliest', async () => {
    const { resolver, state } = resolverOf(SOME, OTHERS);
    resolver.want();
    resolver.want();
    expect(resolver.isLooking).toBe(true);
    await turns();
    expect([resolver.addresses, state]).toEqual([SOME, { lookUps: 1, changes: 1 }]);
    jest.advanceTimersByTime(60_000);
    resolver.want();
    await turns();
    expect(state.lookUps).toBe(1);
    resolver.doubt();
    resolver.want();
    await turns();
    expect([resolver.addresses, state.lookUps]).toEqual([OTHERS, 2]);
    resolver.doubt();
    jest.advanceTimersByTime(29_999);
    resolver.want();
    expect(resolver.isLooking).toBe(false);
    jest.advanceTimersByTime(1);
    resolver.want();
    expect(resolver.isLooking).toBe(true);
  });

  it('that fails waits a while; what was known stays', async () => {
    const { resolver, state } = resolverOf(
      new Error('no such name'),
      SOME,
      new Error('no network'),
    );
    resolver.want();
    await turns();
    expect([resolver.failure, state.changes]).toEqual(['no such name', 1]);
    resolver.want();
    expect(resolver.isLooking).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(state.changes).toBe(2);
    resolver.want();
    expect(resolver.failure).toBeUndefined();
    await turns();
    expect(resolver.addresses).toBe(SOME);
    jest.advanceTimersByTime(30_000);
    resolver.doubt();
    resolver.want();
    await turns();
    expect([resolver.addresses, resolver.failure, state.lookUps]).toEqual([SOME, undefined, 3]);
  });

  it('leaves no timer and tells nobody once closed', async () => {
    const { resolver, state } = resolverOf(new Error('no such name'));
    resolver.want();
    resolver.close();
    await turns();
    expect([state.changes, jest.getTimerCount()]).toEqual([0, 0]);
  });
});

describe('a process', () => {
  const exits = async (script: string): Promise<string> => {
    const { promise, resolve } = later<string>();
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      { timeout: 15_000 },
      (error, stdout, stderr) => resolve(error === null ? stdout : `${error.message} ${stderr}`),
    );
    whenOver(() => child.kill());
    return promise;
  };
  const BEGIN = `
    import { createServer } from 'node:http2';
    import { connect, http2, json, service, unary } from './lib/index.ts';
    const Echo = service('a.B', { echo: unary(json(), json()) });
    const server = createServer((_request, response) => response.writeHead(503).end());
    server.on('session', (session) => session.unref());
    server.unref();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = '127.0.0.1:' + server.address().port;
  `;

  it('ends with a client that is connected and has no calls', async () => {
    const end =
      "const client = connect(target, { transport: http2() }); await client.waitForReady(); console.log('ready');";
    expect(await exits(BEGIN + end)).toBe('ready\n');
  });

  it('goes on for a call that waits for a server', async () => {
    const end = `
      const client = connect('127.0.0.1:1', { transport: http2(), waitForReady: true });
      setTimeout(() => client.close(), 500).unref();
      const call = client.stub(Echo).echo({}).catch(({ code }) => console.log('ended', code));
      await call;
    `;
    expect(await exits(BEGIN + end)).toBe('ended 1\n');
  });
});
