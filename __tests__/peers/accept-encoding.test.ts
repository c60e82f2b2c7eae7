import { once } from 'node:events';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { bytes, type ConnectOptions, connect, http2, service, unary } from 'tributary';
import { whenOver } from '../stories/harness.js';

const Sink = service('test.Sink', { take: unary(bytes, bytes) });

/** A server that says what it reads in the words of gRPC's C core, and the flags of what it got. */
async function serve(): Promise<{ address: string; flags: number[] }> {
  const flags: number[] = [];
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      flags.push(Buffer.concat(parts).readUInt8(0));
      stream.respond(
        { 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity, deflate, gzip' },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.alloc(5));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  whenOver(() => server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, flags };
}

/** Whether each of three requests went compressed. */
async function compressed(options: ConnectOptions): Promise<number[]> {
  const { address, flags } = await serve();
  const client = connect(address, { compression: 'gzip', ownConnections: true, ...options });
  whenOver(() => client.close());
  const stub = client.stub(Sink);
  for (let i = 0; i < 3; i += 1) await stub.take(new Uint8Array(1_000));
  return flags;
}

test('http2 compresses for servers that put spaces between the encodings they read', async () => {
  expect(await compressed({ transport: http2() })).toEqual([1, 1, 1]);
});

// It splits the list at commas and no more, so that ' gzip' is another encoding than 'gzip'. When
// this fails, grpc-js does better: the compatibility page and `losesSpacedEncodings` can go.
test('grpc compresses for them until their first response', async () => {
  expect(await compressed({})).toEqual([1, 0, 0]);
});
