import { connect as connectSocket, createServer } from 'node:net';
import { connect, grpc, http2 } from 'tributary';
import {
  collect,
  type Handlers,
  numbered,
  type PLAIN_TRANSPORTS,
  rig,
  Stories,
  type StoryStub,
  whenOver,
} from '../stories/harness.js';

/** What can be fuzzed: whatever has a network. */
export type FuzzedTransport = Exclude<(typeof PLAIN_TRANSPORTS)[number], 'memory'>;

/** All that one connection has carried, each way. */
export interface Recording {
  readonly requests: Buffer;
  readonly replies: Buffer;
}

/** Echoes, counts and yields; fails for n below 0. */
const handlers: Handlers = {
  unary: (request, ctx) => (request.n < 0 ? ctx.abort(5, 'no such number ☺') : request),
  serverStream: ({ n, text }) => numbered(n, text),
  clientStream: async (stream) => ({ n: (await collect(stream)).length }),
  async *bidiStream(stream) {
    yield* stream;
  },
};

/** The calls that are recorded, begun one after the other without a wait; each may fail. */
export function makeCalls(
  stub: StoryStub,
  onTrailers: () => void = () => {},
): readonly Promise<unknown>[] {
  const options = {
    timeout: 2_000,
    metadata: { key: 'value', 'some-bin': Buffer.from([0, 255]) },
    onTrailers,
  };
  return [
    stub.unary({ n: 1, text: 'one' }, options),
    collect(stub.serverStream({ n: 3, text: 'x'.repeat(50) }, options)),
    stub.clientStream(numbered(3), options).response(),
    collect(stub.bidiStream(numbered(3, 'y'.repeat(200)), options)),
    stub.unary({ n: -1 }, options),
  ];
}

/** What a client of ours and a server of ours say to one another, in the ways they have to. */
export async function record(): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const transport of ['grpc', 'http2'] as const) {
    for (const compression of ['identity', 'gzip'] as const) {
      recordings.push(await recordOne(transport, compression));
    }
  }
  return recordings;
}

async function recordOne(
  name: FuzzedTransport,
  compression: 'identity' | 'gzip',
): Promise<Recording> {
  const { address } = await rig(name, handlers, { byForce: true });
  const tap = await startTap(Number(address.split(':')[1]));
  const transport = name === 'grpc' ? grpc() : http2();
  const client = connect(tap.address, { transport, compression, ownConnections: true });
  await Promise.allSettled(makeCalls(client.stub(Stories)));
  await client.close();
  tap.close();
  return { requests: Buffer.concat(tap.requests), replies: Buffer.concat(tap.replies) };
}

/** A proxy that keeps what goes through it. */
async function startTap(
  port: number,
): Promise<{ address: string; requests: Buffer[]; replies: Buffer[]; close(): void }> {
  const requests: Buffer[] = [];
  const replies: Buffer[] = [];
  const tap = createServer((near) => {
    const far = connectSocket(port, '127.0.0.1');
    near.on('data', (chunk) => requests.push(chunk)).on('error', () => far.destroy());
    far.on('data', (chunk) => replies.push(chunk)).on('error', () => near.destroy());
    near.pipe(far).pipe(near);
    whenOver(() => near.destroy());
  });
  await new Promise<void>((resolve) => {
    tap.listen(0, '127.0.0.1', resolve);
  });
  whenOver(() => tap.close());
  const bound = (tap.address() as { port: number }).port;
  return { address: `127.0.0.1:${bound}`, requests, replies, close: () => void tap.close() };
}
