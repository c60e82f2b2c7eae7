import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { describe, expect, it, jest } from '@jest/globals';
import {
  type ConnectOptions,
  connect,
  type Handlers as HandlersOf,
  MemoryTransport,
  Server,
  Status,
} from 'tributary';
import { parseProxy } from '../../lib/call/parse-proxy.js';
import { toGrpcOptions } from '../../lib/transport/grpc/channel-options.js';
import { proxiedTarget } from '../../lib/transport/grpc/proxied-target.js';
import {
  type Handlers,
  type Message,
  PLAIN_TRANSPORTS,
  plainOptions,
  rejection,
  rig,
  Stories,
  soon,
  turns,
  whenOver,
} from '../stories/harness.js';
import { startHttpProxy } from './http-proxy.js';
import { type RawCall, reply, startRawServer } from './raw-server.js';

// grpc-js reports proxies that fail on the console.
setLogVerbosity(logVerbosity.NONE);

const echo = { unary: (request: Message): Message => request };
const answer = (call: RawCall): void =>
  reply(call, [{ compressed: false, bytes: Buffer.from('{"n":1}') }]);

function stubOf(address: string, options: ConnectOptions = {}) {
  const client = connect(address, options);
  whenOver(() => client.close());
  return client.stub(Stories);
}

function startEcho(address: string, options: ConstructorParameters<typeof Server>[0] = {}) {
  const server = new Server(options);
  whenOver(() => server.close({ grace: 0 }));
  server.add(Stories, echo as Handlers as HandlersOf<(typeof Stories)['methods']>);
  return server.listen(address);
}

describe('message sizes', () => {
  const message = { n: 1, text: 'x'.repeat(10_000) };

  it('a response over maxReceiveMessageSize, a request over maxSendMessageSize', async () => {
    const { address } = await rig('grpc', echo);
    for (const [options, words] of [
      [{ maxReceiveMessageSize: 5_000 }, /Received message larger than max/],
      [{ maxSendMessageSize: 5_000 }, /Attempted to send message with a size larger than 5000/],
    ] as const) {
      const stub = stubOf(address, options);
      expect(await rejection(stub.unary(message))).toMatchObject({
        code: Status.RESOURCE_EXHAUSTED,
        details: expect.stringMatching(words),
      });
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    }
  });

  it('Infinity is no limit', async () => {
    const { address } = await startRawServer((call) => {
      const text = 'x'.repeat(5 * 1024 * 1024);
      reply(call, [{ compressed: false, bytes: Buffer.from(JSON.stringify({ n: 1, text })) }]);
    });
    expect(await rejection(stubOf(address).unary({ n: 1 }))).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
    });
    const stub = stubOf(address, { maxReceiveMessageSize: Infinity });
    expect((await stub.unary({ n: 1 })).text).toHaveLength(5 * 1024 * 1024);
  });
});

describe('headers of the channel', () => {
  it('userAgent and authority', async () => {
    const { address, calls } = await startRawServer(answer);
    await stubOf(address, { userAgent: 'shop/1.0', authority: 'shop.example' }).unary({ n: 1 });
    await stubOf(address).unary({ n: 1 });
    expect(calls.map(({ headers }) => headers[':authority'])).toEqual(['shop.example', address]);
    expect(calls[0]?.headers['user-agent']).toMatch(/^shop\/1\.0 grpc-node-js\//);
    expect(calls[1]?.headers['user-agent']).toMatch(/^grpc-node-js\//);
  });
});

describe('waitForReady', () => {
  it.each(PLAIN_TRANSPORTS)('for every call over %s; a call says no', async (name) => {
    const withTransport = plainOptions(name);
    const gone = new Server(withTransport);
    const { address } = await gone.listen('127.0.0.1:0');
    await gone.close();
    const reconnectBackoff = { initial: 20, max: 20 };
    const stub = stubOf(address, { waitForReady: true, reconnectBackoff, ...withTransport });
    const error = await rejection(stub.unary({ n: 1 }, { waitForReady: false }));
    expect(error).toMatchObject({ code: Status.UNAVAILABLE });
    const waiting = stub.unary({ n: 1 });
    await turns();
    await startEcho(address, withTransport);
    expect(await soon(waiting, 'the server')).toEqual({ n: 1 });
  });

  it('for one method', async () => {
    const gone = new Server();
    const { address } = await gone.listen('127.0.0.1:0');
    await gone.close();
    const stub = stubOf(address, {
      reconnectBackoff: { initial: 20, max: 20 },
      methods: { 'test.Stories/Unary': { waitForReady: true } },
    });
    const stream = stub.serverStream({ n: 1 });
    expect(await rejection(stream.read())).toMatchObject({ code: Status.UNAVAILABLE });
    const waiting = stub.unary({ n: 1 });
    await turns();
    await startEcho(address);
    expect(await soon(waiting, 'the server')).toEqual({ n: 1 });
  });
});

describe('connections', () => {
  it('are shared by clients of one target and the same options, unless they want their own', async () => {
    const { address, connections } = await startRawServer(answer);
    for (const options of [{}, {}, { ownConnections: false }]) {
      await stubOf(address, options).unary({ n: 1 });
    }
    expect(connections()).toBe(1);
    for (let i = 0; i < 2; i += 1) await stubOf(address, { ownConnections: true }).unary({ n: 1 });
    expect(connections()).toBe(3);
  });

  it('are closed when they have been idle for maxConnectionIdle', async () => {
    const { address, calls } = await startRawServer(answer);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    whenOver(() => jest.useRealTimers());
    const stub = stubOf(address, { maxConnectionIdle: 60_000, ownConnections: true });
    await stub.unary({ n: 1 });
    const { session } = calls[0] as RawCall;
    const closed = new Promise((resolve) => session.once('close', resolve));
    jest.advanceTimersByTime(59_000);
    await turns();
    expect(session.closed).toBe(false);
    // grpc-js looks for connections that nobody uses every 10 seconds.
    jest.advanceTimersByTime(1_000 + 10_000);
    jest.useRealTimers();
    await soon(closed, 'the connection to be closed');
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(calls[1]?.connection).toBe(1);
  });

  it.each([
    [{ max: 100 }, 100, 100],
    [{ max: 5_000 }, undefined, 5_000],
    [{ initial: 300, max: 200 }, 200, 200],
    [{ initial: 300 }, 300, undefined],
  ])('no wait of reconnectBackoff %j is longer than max', (reconnectBackoff, first, longest) => {
    const options = toGrpcOptions({ reconnectBackoff }, undefined);
    expect(options['grpc.initial_reconnect_backoff_ms']).toBe(first);
    expect(options['grpc.max_reconnect_backoff_ms']).toBe(longest);
  });

  it('times that no timer can take are as long as one can', () => {
    const options = toGrpcOptions(
      { maxConnectionIdle: Infinity, keepalive: { time: 1e12 }, reconnectBackoff: { max: 1e12 } },
      undefined,
    );
    expect(options).toMatchObject({
      'grpc.client_idle_timeout_ms': 2 ** 31 - 1,
      'grpc.keepalive_time_ms': 2 ** 31 - 1,
      'grpc.max_reconnect_backoff_ms': 2 ** 31 - 1,
    });
  });
});

describe('proxy', () => {
  it('is asked for a connection to the target, with user and password', async () => {
    const { address, calls } = await startRawServer(answer);
    const proxy = await startHttpProxy();
    const stub = stubOf(address, { proxy: `http://ann:s%40cret@${proxy.address}` });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    const authorization = `Basic ${Buffer.from('ann:s@cret').toString('base64')}`;
    expect(proxy.asked.map(({ url, headers }) => [url, headers['proxy-authorization']])).toEqual([
      [address, authorization],
    ]);
    expect(calls[0]?.headers[':authority']).toBe(address);
  });

  it('of the environment, and false for none', async () => {
    const { address } = await startRawServer(answer);
    const proxy = await startHttpProxy();
    process.env.grpc_proxy = `http://${proxy.address}`;
    try {
      await stubOf(address).unary({ n: 1 });
      expect(proxy.asked).toHaveLength(1);
      await stubOf(address, { proxy: false }).unary({ n: 1 });
      expect(proxy.asked).toHaveLength(1);
    } finally {
      delete process.env.grpc_proxy;
    }
  });

  it('one that cannot be reached is UNAVAILABLE', async () => {
    const stub = stubOf('127.0.0.1:1', { proxy: 'http://127.0.0.1:1' });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('leads to one host and port', () => {
    expect(proxiedTarget('dns://8.8.8.8/example.com:443', 'http://proxy').options).toMatchObject({
      'grpc.http_connect_target': 'dns://8.8.8.8/example.com:443',
      'grpc.default_authority': 'example.com:443',
    });
    expect(proxiedTarget('example.com:443', 'http://proxy')).toMatchObject({
      target: 'dns:proxy:80',
      options: { 'grpc.http_connect_target': 'dns:example.com:443' },
    });
    for (const target of ['unix:/run/app.sock', 'ipv4:10.0.0.1:1,10.0.0.2:1']) {
      expect(() => proxiedTarget(target, 'http://proxy')).toThrow(/one host and port/);
    }
  });

  it.each([
    'proxy:8080',
    'https://proxy',
    'http://',
    'http://proxy/path',
    'http://a:%zz@proxy',
    '',
  ])("'%s' is refused, and not repeated: it may hold a password", (proxy) => {
    expect(() => parseProxy('proxy', proxy)).toThrow(RangeError);
    expect(() => parseProxy('proxy', proxy)).toThrow(/^proxy must /);
  });
});

describe('over a MemoryTransport', () => {
  it('options of connections are checked and otherwise left alone', async () => {
    const transport = new MemoryTransport();
    const { address } = await startEcho('echo:0', { transport });
    const stub = stubOf(address, {
      transport,
      compression: 'gzip',
      keepalive: { time: 10 },
      retry: {},
      loadBalancing: 'round_robin',
      proxy: 'http://127.0.0.1:1',
      maxReceiveMessageSize: 1,
    });
    expect(await stub.unary({ n: 1 }, { compression: 'deflate' })).toEqual({ n: 1 });
    expect(() => connect(address, { transport, compression: 'zip' as never })).toThrow(/'zip'/);
    const error = await rejection(stub.unary({ n: 1 }, { compression: 'zip' as never }));
    expect(error).toBeInstanceOf(RangeError);
  });
});
