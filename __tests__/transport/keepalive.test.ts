import { createServer, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  type Client,
  type ConnectOptions,
  connect as connectOver,
  grpc,
  http2,
  Status,
} from 'tributary';
import { toGrpcOptions } from '../../lib/transport/grpc/channel-options.js';
import {
  collect,
  type Handlers,
  later,
  rejection,
  rig,
  Stories,
  soon,
  startProxy,
  whenOver,
} from '../stories/harness.js';
import { reply, startRawServer } from './raw-server.js';

const FAST = { time: 100, timeout: 600 };

it('keepalive of a client over grpc is on unless switched off, and no faster than foreign servers tolerate', () => {
  const usual = {
    'grpc.keepalive_time_ms': 300_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.keepalive_permit_without_calls': 0,
  };
  expect(toGrpcOptions({}, undefined)).toMatchObject(usual);
  expect(toGrpcOptions({ keepalive: {} }, undefined)).toMatchObject(usual);
  const off = toGrpcOptions({ keepalive: false }, undefined);
  expect(Object.keys(off).filter((key) => key.includes('keepalive'))).toEqual([]);
});

describe.each(['grpc', 'http2'] as const)('keepalive of a client over %s', (name) => {
  const connect = (address: string, options: ConnectOptions) =>
    connectOver(address, { ...options, transport: { grpc, http2 }[name]() });

  it('notices a peer that is gone without a word: reads and writes are UNAVAILABLE', async () => {
    const { address } = await rig(
      name,
      {
        async *bidiStream(stream) {
          for await (const message of stream) {
            yield message;
            if (message.n === 0) await new Promise(() => {});
          }
        },
      },
      { byForce: true },
    );
    const proxy = await startProxy(Number(address.split(':')[1]));
    whenOver(proxy.close);
    const client = connect(proxy.address, { keepalive: FAST });
    whenOver(() => client.close());
    const stub = client.stub(Stories);
    const [reader, writer] = [stub.bidiStream(), stub.bidiStream()];
    for (const stream of [reader, writer]) {
      await stream.write({ n: 1 });
      expect(await stream.read()).toEqual({ n: 1 });
    }
    const text = 'x'.repeat(100_000);
    const write = (async () => {
      for (;;) await writer.write({ n: 0, text });
    })();
    proxy.stall();
    expect(await rejection(reader.read())).toMatchObject({ code: Status.UNAVAILABLE });
    expect(await rejection(write)).toMatchObject({ code: Status.UNAVAILABLE });
    expect(await soon(writer.status(), 'status()')).toMatchObject({ code: Status.UNAVAILABLE });
    // The next call goes over a new connection.
    expect(await soon(stub.bidiStream([{ n: 2 }]).read(), 'a new connection')).toEqual({ n: 2 });
  });

  it('leaves a slow peer alone that answers pings', async () => {
    // As slow as ten pings, and one that takes them.
    const { address } = await startRawServer((call) => {
      const message = { compressed: false, bytes: Buffer.from('{"n":1}') };
      setTimeout(() => reply(call, [message]), 1_000);
    });
    const client = connect(address, { keepalive: FAST });
    whenOver(() => client.close());
    expect(await client.stub(Stories).unary({ n: 1 })).toEqual({ n: 1 });
  });

  it('pings while there are no calls only if it is told to', async () => {
    const quiet = await startPingCounter();
    await connectReady(connect(quiet.address, { keepalive: FAST }));
    const noisy = await startPingCounter();
    await connectReady(connect(noisy.address, { keepalive: { ...FAST, withoutCalls: true } }));
    await soon(noisy.thirdPing, 'three pings');
    expect(quiet.pings()).toBe(0);
  });
});

describe('keepalive of a server that closes', () => {
  const echo: Handlers = {
    async *bidiStream(stream) {
      yield* stream;
    },
  };
  const sleep = (time: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, time);
    });

  it.each(['grpc', 'grpc+tls', 'http2', 'http2+tls'] as const)(
    '%s: a quiet stream has all its grace',
    async (name) => {
      const { stub, server } = await rig(name, echo, { keepalive: { time: 30, timeout: 300 } });
      const stream = stub.bidiStream();
      await stream.write({ n: 1 });
      expect(await stream.read()).toEqual({ n: 1 });
      const closed = server.close({ grace: 20_000 });
      // Many pings, and longer than a peer may be silent.
      await sleep(700);
      await stream.write({ n: 2 });
      await stream.doneWriting();
      expect(await collect(stream)).toEqual([{ n: 2 }]);
      await soon(closed, 'the server to close');
    },
  );

  it.each(['grpc', 'http2'] as const)(
    '%s: does not wait for a client that vanished',
    async (name) => {
      const keepalive = { time: 30, timeout: 300 };
      const { address, server } = await rig(name, echo, { keepalive, byForce: true });
      const proxy = await startProxy(Number(address.split(':')[1]));
      whenOver(proxy.close);
      const client = connectOver(proxy.address);
      whenOver(() => client.close());
      const stream = client.stub(Stories).bidiStream();
      await stream.write({ n: 1 });
      expect(await stream.read()).toEqual({ n: 1 });
      proxy.stall();
      await soon(server.close({ grace: 20_000 }), 'the server to close');
    },
  );
});

async function connectReady(client: Client): Promise<void> {
  whenOver(() => client.close());
  await client.waitForReady(3_000);
}

/** A server of nothing but connections, which counts the pings on them. */
async function startPingCounter(): Promise<{
  address: string;
  pings(): number;
  thirdPing: Promise<void>;
}> {
  const server = createServer();
  const third = later();
  let pings = 0;
  server.on('session', (session: Http2Session) => {
    whenOver(() => session.destroy());
    session.on('ping', () => {
      pings += 1;
      if (pings === 3) third.resolve();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  whenOver(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, pings: () => pings, thirdPing: third.promise };
}
