import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { connect, grpc, http2, Status } from 'tributary';
import { later, rejection, Stories, soon, whenOver } from '../stories/harness.js';
import { Authority } from '../support/certificates.js';

const authority = new Authority();

afterEach(() => {
  jest.useRealTimers();
});

/** A server that takes connections and says nothing on them, after TLS if that is asked for. */
async function startSilent(handshakes: boolean): Promise<{
  address: string;
  accepted: Promise<void>;
  closed: Promise<void>;
}> {
  const [accepted, closed] = [later(), later()];
  const take = (socket: Socket): void => {
    whenOver(() => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => closed.resolve());
    socket.resume();
    accepted.resolve();
  };
  const server: Server = handshakes
    ? createTlsServer({ ...authority.issue(), ALPNProtocols: ['h2'] }, take)
    : createServer(take);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  whenOver(() => server.close());
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, accepted: accepted.promise, closed: closed.promise };
}

const tls = { ca: authority.cert };

describe.each([
  ['grpc', grpc],
  ['http2', http2],
] as const)('%s: a server that accepts connections and says nothing', (_name, transportOf) => {
  it.each([
    ['in clear text', false, false, /said nothing in HTTP\/2 within 20000 ms/],
    ['instead of TLS', false, tls, /no TLS handshake with 127\.0\.0\.1 within 20000 ms/],
    ['after TLS', true, tls, /said nothing in HTTP\/2 within 20000 ms/],
  ])('%s: UNAVAILABLE after 20 seconds', async (_what, handshakes, clientTls, words) => {
    const silent = await startSilent(handshakes);
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setInterval'],
    });
    const client = connect(silent.address, { transport: transportOf(), tls: clientTls });
    whenOver(() => client.close());
    const ended = client.stub(Stories).serverStream({ n: 1 }).status();
    await silent.accepted;
    // The client's side of it is a moment behind.
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
    jest.advanceTimersByTime(20_000);
    expect(await ended).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringMatching(words),
    });
    await silent.closed;
  });

  it.each([
    ['in clear text', false, false],
    ['instead of TLS', false, tls],
    ['after TLS', true, tls],
  ])('%s: a client that closes leaves no connection open', async (_what, handshakes, clientTls) => {
    const silent = await startSilent(handshakes);
    const client = connect(silent.address, { transport: transportOf(), tls: clientTls });
    const call = rejection(client.stub(Stories).unary({ n: 1 }));
    await silent.accepted;
    await client.close();
    expect(await call).toMatchObject({ code: Status.CANCELLED });
    await soon(silent.closed, 'the connection to close');
  });
});
