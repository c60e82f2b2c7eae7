import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { connect as connectOver, grpc, http2, MemoryTransport, Server, Status } from 'tributary';
import {
  aborted,
  later,
  type Message,
  rejection,
  rig,
  Stories,
  soon,
  whenOver,
} from '../stories/harness.js';

const echo = { unary: (request: Message): Message => request };

describe.each(['grpc', 'http2'] as const)('targets of the %s transport', (name) => {
  const transport = { grpc, http2 }[name]();
  const connect = (target: string) => connectOver(target, { transport });

  it.each([
    ['tri://', (address: string) => `tri://${address}`],
    ['tri:// as Dubbo writes it', (a: string) => `tri://${a}/test.Stories?side=provider`],
    ['dns:///', (address: string) => `dns:///${address}`],
    ['ipv4:', (address: string) => `ipv4:${address}`],
    ['localhost', (address: string) => address.replace('127.0.0.1', 'localhost')],
  ])('%s', async (_what, target) => {
    const { address } = await rig(name, echo);
    const client = connect(target(address));
    whenOver(() => client.close());
    expect(client.target).toBe(target(address));
    expect(await client.stub(Stories).unary({ n: 1 })).toEqual({ n: 1 });
  });

  it('unix:, cancelled and closed by force as any other', async () => {
    const server = new Server({ transport });
    const told = later<unknown>();
    const started = later();
    server.add(Stories, {
      ...echo,
      async serverStream(_request: Message, ctx: { signal: AbortSignal }) {
        started.resolve();
        told.resolve(await aborted(ctx.signal));
      },
    } as never);
    const path = `unix:${tmpdir()}/tributary-${randomUUID()}.sock`;
    expect(await server.listen(path)).toEqual({ port: 0, address: path });
    const client = connect(path);
    whenOver(() => client.close());
    whenOver(() => server.close({ grace: 0 }));
    const stub = client.stub(Stories);
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    const stream = stub.serverStream({ n: 0 });
    await soon(started.promise, 'the handler to start');
    await soon(server.close({ grace: 0 }), 'the server to close');
    expect(await stream.status()).toMatchObject({ code: Status.UNAVAILABLE });
    expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('a lost unix connection is UNAVAILABLE for the handler', async () => {
    const server = new Server({ transport });
    const told = later<unknown>();
    const started = later();
    server.add(Stories, {
      async serverStream(_request: Message, ctx: { signal: AbortSignal }) {
        started.resolve();
        told.resolve(await aborted(ctx.signal));
      },
    } as never);
    const path = `${tmpdir()}/tributary-${randomUUID()}.sock`;
    await server.listen(`unix:${path}`);
    whenOver(() => server.close({ grace: 0 }));
    const { connect: connectHttp2 } = await import('node:http2');
    const { connect: net } = await import('node:net');
    const socket = net(path);
    const session = connectHttp2('http://localhost', { createConnection: () => socket });
    session.on('error', () => {});
    const request = session.request({
      ':method': 'POST',
      ':path': '/test.Stories/ServerStream',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    request.on('error', () => {});
    const body = Buffer.from('{"n":1}');
    request.end(Buffer.concat([Buffer.from([0, 0, 0, 0, body.length]), body]));
    await soon(started.promise, 'the handler to start');
    socket.destroy();
    expect(await soon(told.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('a host that cannot be resolved is UNAVAILABLE', async () => {
    const client = connect('no-such-host.invalid:1');
    whenOver(() => client.close());
    expect(await rejection(client.stub(Stories).unary({ n: 1 }))).toMatchObject({
      code: Status.UNAVAILABLE,
    });
  });

  it.each([
    '',
    'host',
    'host:',
    ':1',
    'host:99999',
    'http://host:1',
    'host:1/path',
    'tri://',
    'dns:',
    'a b:1',
  ])("'%s' is refused with a RangeError that says what is right", (target) => {
    expect(() => connect(target)).toThrow(RangeError);
    expect(() => connect(target)).toThrow(/host:port.*dns:\/\/\/host:port.*got/);
  });

  it('what is no string is a TypeError, as is an unknown option', () => {
    expect(() => connect(50051 as never)).toThrow(TypeError);
    expect(() => connectOver('127.0.0.1:1', { transprot: 1 } as never)).toThrow(/transprot/);
    expect(() => connectOver('', { transport: new MemoryTransport() })).toThrow(TypeError);
  });

  it.each(['', 'host', '127.0.0.1', '127.0.0.1:99999', 'http://127.0.0.1:0', ':0', 'unix:'])(
    "listen('%s') rejects with a RangeError",
    async (address) => {
      const server = new Server({ transport });
      whenOver(() => server.close({ grace: 0 }));
      expect(await rejection(server.listen(address))).toBeInstanceOf(RangeError);
    },
  );

  it('an address of another machine cannot be had', async () => {
    const server = new Server({ transport });
    whenOver(() => server.close({ grace: 0 }));
    const error = (await rejection(server.listen('192.0.2.1:0'))) as Error;
    expect(error.message).toMatch(/cannot listen on 192\.0\.2\.1:0: .*EADDRNOTAVAIL/);
  });

  it('several addresses at once, IPv6 too', async () => {
    const { server } = await rig(name, echo);
    const { address, port } = await server.listen('[::1]:0');
    expect(address).toBe(`[::1]:${port}`);
    const client = connect(address);
    whenOver(() => client.close());
    expect(await client.stub(Stories).unary({ n: 1 })).toEqual({ n: 1 });
  });
});
