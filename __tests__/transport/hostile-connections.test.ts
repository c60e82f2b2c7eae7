import { randomBytes } from 'node:crypto';
import { connect as connectSocket, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type ServerOptions } from 'tributary';
import { type Message, type Rig, rig, Stories, soon, turns, whenOver } from '../stories/harness.js';
import { Authority } from '../support/certificates.js';

const authority = new Authority();
const { cert: ca } = authority;
const echo = { unary: (request: Message): Message => request };
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** An empty SETTINGS frame. */
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

let transport: 'grpc' | 'http2';

/** A server that gives connections 100 ms, unless told otherwise, and a canary that must live. */
async function guarded(secure: boolean, options: ServerOptions = {}): Promise<Rig> {
  const tls = secure ? authority.issue() : undefined;
  const limits = { tls, handshakeTimeout: 100, ...options };
  const { address, ...rest } = await rig(transport, echo, { ...limits, byForce: true });
  const client = connect(address, { tls: secure ? { ca } : false });
  whenOver(() => client.close());
  const stub = client.stub(Stories);
  expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
  return { ...rest, address, client, stub };
}

function portOf({ address }: Rig): number {
  return Number(address.split(':')[1]);
}

/** A bare connection. */
async function open(guard: Rig, secure = false): Promise<Socket> {
  const port = portOf(guard);
  const socket = secure
    ? connectTls({ port, host: '127.0.0.1', ca, ALPNProtocols: ['h2'] })
    : connectSocket(port, '127.0.0.1');
  socket.on('error', () => {});
  whenOver(() => socket.destroy());
  await soon(
    new Promise((resolve) => socket.once(secure ? 'secureConnect' : 'connect', resolve)),
    'a connection',
  );
  return socket;
}

/** Waits until the other side has closed; gives the milliseconds that it took and what it said. */
async function closed(socket: Socket): Promise<{ after: number; said: string }> {
  const begin = performance.now();
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk;
  });
  if (!socket.destroyed) {
    await soon(new Promise((resolve) => socket.once('close', resolve)), 'the server to close');
  }
  return { after: performance.now() - begin, said };
}

const isWell = async ({ stub }: Rig): Promise<void> => {
  expect(await soon(stub.unary({ n: 2 }), 'the canary')).toEqual({ n: 2 });
};

describe.each(['grpc', 'http2'] as const)('over %s:', (name) => {
  beforeAll(() => {
    transport = name;
  });

  describe.each([
    ['clear text', false],
    ['TLS', true],
  ])('connections that speak no HTTP/2 over %s', (_what, secure) => {
    it.each([
      ['HTTP/1.1', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
      ['HTTP/1.1 that asks to upgrade', 'PRI / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n'],
      ['random bytes', `\x80${randomBytes(2_000).toString('latin1')}`],
      ['a preface that goes wrong at its end', PREFACE.replace('SM\r\n\r\n', 'SM\r\n\n')],
      ['zeros', '\0'.repeat(70_000)],
    ])('%s: closed at once', async (_which, words) => {
      const guard = await guarded(secure, { handshakeTimeout: 60_000 });
      const socket = await open(guard, secure);
      socket.write(words, 'latin1');
      expect((await closed(socket)).said).toBe('');
      await isWell(guard);
    });

    it('silence: closed when the time is up', async () => {
      const guard = await guarded(secure);
      const { after } = await closed(await open(guard, secure));
      expect(after).toBeGreaterThan(50);
      await isWell(guard);
    });

    it('a preface byte by byte: closed when the time is up, however busy it is', async () => {
      const guard = await guarded(secure);
      const socket = await open(guard, secure);
      let sent = 0;
      const drip = setInterval(() => {
        if (sent < PREFACE.length - 1) socket.write(PREFACE.charAt(sent));
        sent += 1;
      }, 20);
      whenOver(() => clearInterval(drip));
      await closed(socket);
      expect(sent).toBeLessThan(PREFACE.length - 1);
      await isWell(guard);
    });

    it('a preface in pieces, in time, is as good as any', async () => {
      const guard = await guarded(secure);
      const socket = await open(guard, secure);
      for (const piece of ['PRI * HT', 'TP/2.0\r\n\r', '\nSM\r\n\r\n']) {
        socket.write(piece);
        await turns(3);
      }
      socket.write(SETTINGS);
      const answer = await soon(
        new Promise<Buffer>((resolve) => socket.once('data', resolve)),
        'the settings of the server',
      );
      expect(answer[3]).toBe(4);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(socket.destroyed).toBe(false);
      await isWell(guard);
    });

    it('a client that goes away in between', async () => {
      const guard = await guarded(secure);
      for (const words of ['', 'PRI', PREFACE]) {
        const socket = await open(guard, secure);
        socket.write(words);
        if (words === 'PRI') socket.end();
        else if (secure) socket.destroy();
        else socket.resetAndDestroy();
        await closed(socket);
      }
      await isWell(guard);
    });

    it('a server that closes does not wait for handshakes', async () => {
      const guard = await guarded(secure, { handshakeTimeout: 60_000 });
      const bare = await open(guard);
      const half = await open(guard, secure);
      half.write('PRI');
      await turns(3);
      const bothClosed = Promise.all([closed(bare), closed(half)]);
      await guard.client.close();
      await soon(guard.server.close({ grace: 60_000 }), 'the server to close');
      await bothClosed;
    });
  });

  describe('the first bytes of HTTP/2', () => {
    it('a first packet larger than the buffer of a socket is not lost', async () => {
      const guard = await guarded(false);
      const socket = await open(guard);
      const wider = Buffer.from([0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
      const ping = Buffer.concat([
        Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0]),
        Buffer.from('are you?'),
      ]);
      const parts = [Buffer.from(PREFACE), SETTINGS, ...Array(20_000).fill(wider), ping];
      const answered = new Promise<void>((resolve) => {
        let said = Buffer.alloc(0);
        socket.on('data', (chunk: Buffer) => {
          said = Buffer.concat([said, chunk]);
          if (said.includes('are you?')) resolve();
        });
      });
      socket.write(Buffer.concat(parts));
      await soon(answered, 'the answer to the ping');
    });
  });

  describe('connections that are no TLS', () => {
    it.each([
      ['HTTP/2 in clear text', PREFACE],
      ['HTTP/1.1', 'GET / HTTP/1.1\r\n\r\n'],
      ['random bytes', `\x80${randomBytes(500).toString('latin1')}`],
    ])('%s: closed at once', async (_which, words) => {
      const guard = await guarded(true, { handshakeTimeout: 60_000 });
      const socket = await open(guard);
      socket.write(words, 'latin1');
      await closed(socket);
      await isWell(guard);
    });

    it('a record that never ends: closed when the time is up', async () => {
      const guard = await guarded(true);
      const socket = await open(guard);
      socket.write('\x16\x03\x01\x02\x00\x01', 'latin1');
      await closed(socket);
      await isWell(guard);
    });

    it('TLS without ALPN, or for another protocol', async () => {
      const guard = await guarded(true, { handshakeTimeout: 60_000 });
      for (const ALPNProtocols of [undefined, ['http/1.1']]) {
        const socket = connectTls({
          port: portOf(guard),
          host: '127.0.0.1',
          ca,
          ...(ALPNProtocols && { ALPNProtocols }),
        });
        socket.on('error', () => {});
        await closed(socket);
      }
      await isWell(guard);
    });

    it('TLS 1.1', async () => {
      const guard = await guarded(true, { handshakeTimeout: 60_000 });
      const failure = await soon(
        new Promise<Error>((resolve) => {
          const socket = connectTls({
            port: portOf(guard),
            host: '127.0.0.1',
            ca,
            ALPNProtocols: ['h2'],
            minVersion: 'TLSv1',
            maxVersion: 'TLSv1.1',
            ciphers: 'DEFAULT@SECLEVEL=0',
          });
          socket.once('error', resolve);
        }),
        'the refusal',
      );
      expect(failure.message).toMatch(/alert protocol version/);
      await isWell(guard);
    });
  });

  describe('a hundred half handshakes', () => {
    it.each([false, true])('are gone when their time is up (TLS: %s)', async (secure) => {
      const guard = await guarded(secure);
      const sockets = await Promise.all(Array.from({ length: 100 }, () => open(guard)));
      for (const [i, socket] of sockets.entries()) {
        if (i % 2 === 0) socket.write(secure ? '\x16\x03\x01' : 'PRI ', 'latin1');
      }
      await isWell(guard);
      await Promise.all(sockets.map((socket) => closed(socket)));
      await isWell(guard);
    });
  });
});
