import { randomUUID } from 'node:crypto';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import {
  type ChannelCredentials,
  credentials,
  Client as GrpcClient,
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { connect, grpc, Server, Status } from 'tributary';
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
import { Authority } from '../support/certificates.js';

const authority = new Authority();
const { cert: ca } = authority;
const name = (_request: Message, { auth }: { auth: { peerCertificate: unknown } }): Message => ({
  n: 1,
  text: (auth.peerCertificate as { subject: { CN: string } } | undefined)?.subject.CN ?? 'nobody',
});

const toBytes = (message: Message): Buffer => Buffer.from(JSON.stringify(message));
const toMessage = (bytes: Buffer): Message => JSON.parse(bytes.toString());

/** A unary call by grpc-js alone. */
function callBy(address: string, by: ChannelCredentials): Promise<Message> {
  const client = new GrpcClient(address, by);
  whenOver(() => client.close());
  return new Promise((resolve, reject) => {
    const path = '/test.Stories/Unary';
    client.makeUnaryRequest(path, toBytes, toMessage, { n: 0 }, (error, reply) => {
      if (error) reject(error);
      else resolve(reply as Message);
    });
  });
}

describe('TLS with grpc-js at the other end', () => {
  it('its client, with and without a certificate', async () => {
    const tls = { ...authority.issue(), ca, clientCertificate: 'request' } as const;
    const { address } = await rig('grpc', { unary: name as never }, { tls });
    const { cert, key } = authority.issue({ name: 'jock' });
    const [root, ...own] = [ca, key, cert].map((pem) => Buffer.from(pem));
    expect(await callBy(address, credentials.createSsl(root))).toEqual({ n: 1, text: 'nobody' });
    expect(await callBy(address, credentials.createSsl(root, ...own))).toEqual({
      n: 1,
      text: 'jock',
    });
    expect(await rejection(callBy(address, credentials.createSsl()))).toMatchObject({
      code: Status.UNAVAILABLE,
    });
  });

  it('its server, which asks for a certificate', async () => {
    const server = new GrpcServer();
    whenOver(() => server.forceShutdown());
    server.register(
      '/test.Stories/Unary',
      (_call: ServerUnaryCall<Message, Message>, reply: (error: null, value: Message) => void) =>
        reply(null, { n: 7 }),
      toBytes,
      toMessage,
      'unary',
    );
    const { cert, key } = authority.issue();
    const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
    const secure = ServerCredentials.createSsl(Buffer.from(ca), [pair], true);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', secure, (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const call = (tls: object): Promise<Message> => {
      const client = connect(`127.0.0.1:${port}`, { tls });
      whenOver(() => client.close());
      return client.stub(Stories).unary({ n: 0 });
    };
    expect(await call({ ca, ...authority.issue() })).toEqual({ n: 7 });
    for (const tls of [{ ca }, { ca, ...new Authority('Other').issue() }]) {
      expect(await rejection(call(tls))).toMatchObject({ code: Status.UNAVAILABLE });
    }
  });

  it("grpc-js's own option for the name goes with it", async () => {
    const { address } = await rig(
      'grpc',
      { unary: name as never },
      { tls: authority.issue({ hosts: ['inside.example'] }) },
    );
    const transport = grpc({
      channelOptions: { 'grpc.ssl_target_name_override': 'inside.example' },
    });
    const client = connect(address, { tls: { ca }, transport });
    whenOver(() => client.close());
    expect(await client.stub(Stories).unary({ n: 0 })).toMatchObject({ n: 1 });
  });
});

describe('TLS over a Unix socket', () => {
  it('peers are told apart, cancelled calls from lost ones, and closing ends all', async () => {
    const server = new Server({ tls: { ...authority.issue(), ca } });
    const reasons = [later<unknown>(), later<unknown>()];
    const peers: string[] = [];
    server.add(Stories, {
      unary: name,
      async serverStream({ n }: Message, ctx: { signal: AbortSignal; peer: string }) {
        peers.push(ctx.peer);
        started[n]?.resolve();
        reasons[n]?.resolve(await aborted(ctx.signal));
      },
    } as never);
    const started = [later(), later()];
    const target = `unix:${tmpdir()}/tributary-${randomUUID()}.sock`;
    await server.listen(target);
    whenOver(() => server.close({ grace: 0 }));
    const clients = ['ann', 'bob'].map((each) =>
      connect(target, { tls: { ca, ...authority.issue({ name: each }) } }),
    );
    for (const client of clients) whenOver(() => client.close());
    const [ann, bob] = clients.map((client) => client.stub(Stories));
    expect(await ann!.unary({ n: 0 })).toEqual({ n: 1, text: 'ann' });
    expect(await bob!.unary({ n: 0 })).toEqual({ n: 1, text: 'bob' });
    const cancelled = ann!.serverStream({ n: 0 });
    const lost = bob!.serverStream({ n: 1 });
    await soon(Promise.all(started.map(({ promise }) => promise)), 'both handlers to start');
    expect(new Set(peers).size).toBe(2);
    cancelled.cancel();
    expect(await soon(reasons[0]!.promise, 'ctx.signal')).toMatchObject({ code: Status.CANCELLED });
    await soon(server.close({ grace: 0 }), 'the server to close');
    expect(await soon(reasons[1]!.promise, 'ctx.signal')).toMatchObject({
      code: Status.UNAVAILABLE,
    });
    expect(await lost.status()).toMatchObject({ code: Status.UNAVAILABLE });
  });
});

describe('a server that listens on several addresses', () => {
  /** Who ann and bob are told that they are, each at an address. */
  async function namesAt(targets: readonly string[]): Promise<unknown[]> {
    const stubs = ['ann', 'bob'].map((each, i) => {
      const identity = authority.issue({ name: each });
      const client = connect(targets[i] as string, {
        tls: { ca, ...identity, serverName: 'localhost' },
      });
      whenOver(() => client.close());
      return client.stub(Stories);
    });
    const names: unknown[] = [];
    for (const stub of stubs) names.push((await soon(stub.unary({ n: 0 }), 'a name')).text);
    return names;
  }

  async function listening(addresses: readonly string[]): Promise<string[]> {
    const server = new Server({ tls: { ...authority.issue(), ca } });
    server.add(Stories, { unary: name } as never);
    const bound: string[] = [];
    for (const address of addresses) bound.push((await server.listen(address)).address);
    whenOver(() => server.close({ grace: 0 }));
    return bound;
  }

  it('takes nobody at one Unix socket for somebody at another', async () => {
    const path = (): string => `unix:${tmpdir()}/tributary-${randomUUID()}.sock`;
    const targets = await listening([path(), path()]);
    expect(await namesAt(targets)).toEqual(['ann', 'bob']);
  });

  it('takes nobody for somebody who has the same port as seen from another address', async () => {
    const bound = await listening(['127.0.0.1:0', '127.0.0.1:0']);
    const localPort = await freePort();
    const targets = bound.map((address) => startRelay(Number(address.split(':')[1]), localPort));
    expect(await namesAt(await Promise.all(targets))).toEqual(['ann', 'bob']);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Passes one connection on to a port, from a port. */
async function startRelay(port: number, localPort: number): Promise<string> {
  const relay = createServer((near) => {
    const far = connectSocket({ port, host: '127.0.0.1', localPort });
    for (const socket of [near, far]) socket.on('error', () => {});
    whenOver(() => {
      near.destroy();
      far.resetAndDestroy();
    });
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    relay.listen(0, '127.0.0.1', resolve);
  });
  whenOver(() => relay.close());
  return `127.0.0.1:${(relay.address() as { port: number }).port}`;
}
