import { readFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { type ConnectOptions, connect, http2, Status } from 'tributary';
import {
  type Message,
  rejection,
  rig,
  Stories,
  soon,
  turns,
  whenOver,
} from '../../stories/harness.js';
import { Authority } from '../../support/certificates.js';
import { collectWarnings } from '../../support/warnings.js';
import { startHttpProxy } from '../http-proxy.js';
import { type RawCall, reply, startRawServer } from '../raw-server.js';

const echo = { unary: (request: Message): Message => request };
const answer = (call: RawCall): void =>
  reply(call, [{ compressed: false, bytes: Buffer.from('{"n":1}') }]);

function stubOf(address: string, options: ConnectOptions = {}) {
  const client = connect(address, { transport: http2(), ...options });
  whenOver(() => client.close());
  return client.stub(Stories);
}

describe('what a client over http2 may be told', () => {
  it.each<[string, ConnectOptions]>([
    ['retry', { retry: {} }],
    ['hedging', { hedging: {} }],
    ['retryThrottling', { retryThrottling: { maxTokens: 1, tokenRatio: 1 } }],
    ['serviceConfig', { serviceConfig: {} }],
    ["loadBalancing 'weighted_round_robin'", { loadBalancing: 'weighted_round_robin' }],
    [
      "loadBalancing 'weighted_round_robin'",
      { loadBalancing: { policy: 'weighted_round_robin', blackoutPeriod: 0 } },
    ],
    ['outlierDetection', { loadBalancing: 'round_robin', outlierDetection: { successRate: {} } }],
    ["methods['a.B'].retry", { methods: { 'a.B': { retry: {} } } }],
    ["methods['a.B/C'].hedging", { methods: { 'a.B/C': { hedging: {} } } }],
  ])('%s is refused, naming the transport that has it', (what, options) => {
    const connecting = (): unknown => connect('127.0.0.1:1', { transport: http2(), ...options });
    expect(connecting).toThrow(RangeError);
    expect(connecting).toThrow(`the http2 transport has no ${what}: the grpc transport has it`);
  });

  it('what switches these off is taken', async () => {
    const { address } = await rig('http2', echo);
    const off = { retry: false, hedging: false, ownConnections: true } as const;
    const stub = stubOf(address, { ...off, methods: { 'test.Stories': { retry: false } } });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
  });

  it('xds: is refused, naming the transport that has it', () => {
    expect(() => connect('xds:///shop', { transport: http2() })).toThrow(/xds.*grpc\(\) has them/);
  });

  it.each([
    [{ conectionsPerAddress: 2 }, /connectionsPerAddress/],
    [{ connectionsPerAddress: 0 }, /1 or more, got 0/],
    [{ connectionsPerAddress: '2' }, /must be a number, got '2'/],
  ])('http2(%j) is refused', (options, words) => {
    expect(() => http2(options as never)).toThrow(words);
  });

  it('userAgent and authority', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { address, calls } = await startRawServer(answer);
    await stubOf(address, { userAgent: 'shop/1.0', authority: 'shop.example' }).unary({ n: 1 });
    await stubOf(address).unary({ n: 1 });
    const own = `grpc-node-tributary/${version}`;
    expect(calls.map(({ headers }) => [headers[':authority'], headers['user-agent']])).toEqual([
      ['shop.example', `shop/1.0 ${own}`],
      [address, own],
    ]);
  });

  it('sizes of messages, for the client and for a method', async () => {
    const { address } = await rig('http2', echo);
    const large = { n: 1, text: 'x'.repeat(10_000) };
    const path = 'test.Stories/Unary';
    for (const [options, words] of [
      [{ maxReceiveMessageSize: 5_000 }, /over the limit of 5000|5000/],
      [{ maxSendMessageSize: 5_000 }, /a request of \d+ bytes is over the limit of 5000/],
      [{ methods: { [path]: { maxRequestSize: 5_000 } } }, /a request of .* limit of 5000/],
      [{ methods: { 'test.Stories': { maxResponseSize: 5_000 } } }, /5000/],
      [
        { methods: { 'test.Stories': { maxRequestSize: 5_000 }, [path]: { timeout: 60_000 } } },
        /a request of .* limit of 5000/,
      ],
    ] as const) {
      const stub = stubOf(address, options);
      expect(await rejection(stub.unary(large))).toMatchObject({
        code: Status.RESOURCE_EXHAUSTED,
        details: expect.stringMatching(words),
      });
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    }
  });

  it('the timeout of a method, the earlier of it and the call’s own', async () => {
    const timeouts: unknown[] = [];
    const { address } = await startRawServer(({ headers }) =>
      timeouts.push(headers['grpc-timeout']),
    );
    const stub = stubOf(address, { methods: { 'test.Stories/Unary': { timeout: 100 } } });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
      details: 'the call took longer than the 100 ms of its method',
    });
    expect(await rejection(stub.unary({ n: 1 }, { timeout: 50 }))).toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
    expect(timeouts).toEqual([
      expect.stringMatching(/^(\d\d|100)m$/),
      expect.stringMatching(/^\d\dm$/),
    ]);
  });

  it('waitForReady for one method; a call says no', async () => {
    const stub = stubOf('127.0.0.1:1', { methods: { 'test.Stories': { waitForReady: true } } });
    const waiting = stub.unary({ n: 1 }, { timeout: 100 });
    expect(await rejection(waiting)).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(await rejection(stub.unary({ n: 1 }, { waitForReady: false }))).toMatchObject({
      code: Status.UNAVAILABLE,
    });
  });

  it('maxConnectionIdle', async () => {
    const { address, calls } = await startRawServer(answer);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    whenOver(() => jest.useRealTimers());
    const stub = stubOf(address, { maxConnectionIdle: 60_000 });
    await stub.unary({ n: 1 });
    jest.advanceTimersByTime(30_000);
    await stub.unary({ n: 1 });
    await turns();
    const { session } = calls[0] as RawCall;
    const closed = new Promise((resolve) => session.once('close', resolve));
    jest.advanceTimersByTime(59_000);
    await turns();
    expect(session.closed).toBe(false);
    jest.advanceTimersByTime(1_000);
    jest.useRealTimers();
    await soon(closed, 'the connection to be closed');
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(calls.map(({ connection }) => connection)).toEqual([0, 0, 1]);
  });
});

describe('a proxy', () => {
  it('is asked for a connection to the target, with user and password', async () => {
    const { address, calls } = await startRawServer(answer);
    const proxy = await startHttpProxy();
    const stub = stubOf(address, { proxy: `http://ann:s%40cret@${proxy.address}` });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(proxy.asked.map(({ url, headers }) => [url, headers['proxy-authorization']])).toEqual([
      [address, `Basic ${Buffer.from('ann:s@cret').toString('base64')}`],
    ]);
    expect(calls[0]?.headers[':authority']).toBe(address);
  });

  it('looks names up itself; TLS goes through it', async () => {
    const authority = new Authority();
    const { address } = await rig('http2', echo, { tls: authority.issue() });
    const proxy = await startHttpProxy();
    const port = address.split(':')[1];
    const stub = stubOf(`localhost:${port}`, {
      proxy: `http://${proxy.address}`,
      tls: { ca: authority.cert },
    });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(proxy.asked[0]?.url).toBe(`localhost:${port}`);
  });

  it('of the environment, its exceptions, and false for none', async () => {
    const { address } = await startRawServer(answer);
    const proxy = await startHttpProxy();
    const call = (options: ConnectOptions = {}): Promise<Message> =>
      stubOf(address, options).unary({ n: 1 });
    await withEnvironment({ grpc_proxy: `http://${proxy.address}` }, async () => {
      await call();
      expect(proxy.asked).toHaveLength(1);
      await call({ proxy: false });
      for (const no_proxy of ['127.0.0.1', 'example.com, 0.0.1', '127.0.0.0/8']) {
        await withEnvironment({ no_proxy }, call);
      }
      expect(proxy.asked).toHaveLength(1);
      await withEnvironment({ no_proxy: '10.0.0.0/8,example.com' }, call);
      expect(proxy.asked).toHaveLength(2);
    });
  });

  it('of the environment that is none is a warning', async () => {
    const { address } = await startRawServer(answer);
    const warnings = collectWarnings();
    await withEnvironment({ http_proxy: 'socks5://ann:secret@proxy' }, async () => {
      expect(await stubOf(address).unary({ n: 1 })).toEqual({ n: 1 });
    });
    expect(warnings).toEqual([expect.stringMatching(/^http_proxy must be .*without a proxy$/)]);
    expect(warnings[0]).not.toContain('secret');
  });

  it('that says no, or is not there, is UNAVAILABLE and says so', async () => {
    const { address: target } = await startRawServer(answer);
    const refusing = await startHttpProxy('403 Forbidden');
    for (const [address, words] of [
      [refusing.address, /the proxy .* refused .* with HTTP 403/],
      ['127.0.0.1:1', /ECONNREFUSED/],
    ] as const) {
      const stub = stubOf(target, { proxy: `http://${address}` });
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
        code: Status.UNAVAILABLE,
        details: expect.stringMatching(words),
      });
    }
  });

  it.each([['unix:/run/app.sock'], [['10.0.0.1:1', '10.0.0.2:1']]])('never leads to %j', (to) => {
    expect(() => connect(to, { transport: http2(), proxy: 'http://proxy' })).toThrow(
      /one host and port/,
    );
  });
});

async function withEnvironment(
  variables: Readonly<Record<string, string>>,
  run: () => Promise<unknown>,
): Promise<void> {
  Object.assign(process.env, variables);
  try {
    await run();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}
