import { constants } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  bytes,
  type CallOptions,
  connect,
  http2,
  MemoryTransport,
  RpcError,
  Server,
  Status,
  type Stub,
  serverStream,
  service,
  type Transport,
} from 'tributary';
import { rejection, rig, turns, whenOver, within } from '../stories/harness.js';
import {
  DATA,
  END_STREAM,
  endsRequests,
  framed,
  type RawConnection,
  RESPONSE,
  startPeer,
} from './http2/raw-peer.js';

const Count = service('test.Count', { count: serverStream(bytes, bytes) });
type CountStub = Stub<(typeof Count)['methods']>;

const MANY = 5_000;
const LARGE = 64 * 1024;
const RUNS = 20;

/** The message of this number, in so many bytes. */
function numbered(n: number, size: number): Buffer {
  const message = Buffer.alloc(size, n % 251);
  message.writeUInt32BE(n);
  return message;
}

function numberOf(message: Uint8Array): number {
  const at = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const n = at.readUInt32BE();
  if (!at.subarray(4).every((byte) => byte === n % 251)) throw new Error(`${n} came garbled`);
  return n;
}

/** A stub of a server that answers with so many messages, and an error. */
async function failingServer(
  transport: Transport,
  { count = MANY, size = 40, awaited = true } = {},
): Promise<CountStub> {
  const server = new Server({ transport });
  server.add(Count, {
    async count(_request, ctx, stream) {
      for (let n = 0; n < count; n += 1) {
        const written = stream.write(numbered(n, size));
        if (awaited) await written;
      }
      ctx.abort(Status.ABORTED, 'that was all');
    },
  });
  const { address } = await server.listen('127.0.0.1:0');
  return stubOf(address, transport, () => server.close({ grace: 2_000 }));
}

function stubOf(address: string, transport: Transport, close: () => unknown): CountStub {
  const client = connect(address, { transport });
  whenOver(close);
  whenOver(() => client.close());
  return client.stub(Count);
}

/** Reads one, sleeps until the rest and the error are there, and reads on, sleeping now and then. */
async function readSlowly(
  stub: CountStub,
  options: CallOptions = {},
): Promise<{ numbers: number[]; error: RpcError }> {
  const stream = stub.count(new Uint8Array(), options);
  const numbers: number[] = [];
  const reading = (async () => {
    for await (const message of stream) {
      numbers.push(numberOf(message));
      if (numbers.length === 1) await sleep(30);
      else if (numbers.length % 1_000 === 0) await turns(1);
    }
  })();
  const error = await within(
    15_000,
    reading.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
    'the end of the stream',
  );
  if (!RpcError.is(error)) throw new Error(`expected an RpcError, got ${String(error)}`);
  return { numbers, error };
}

const all = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

const TRANSPORTS: [string, () => Transport][] = [
  ['http2', () => http2()],
  ['memory', () => new MemoryTransport()],
];

describe.each(TRANSPORTS)(
  'an error behind 5,000 messages and a reader that sleeps, over %s',
  (_, make) => {
    it('all are delivered, every run', async () => {
      const stub = await failingServer(make());
      for (let run = 0; run < RUNS; run += 1) {
        const { numbers, error } = await readSlowly(stub);
        expect(error).toMatchObject({ code: Status.ABORTED, details: 'that was all' });
        expect(numbers).toEqual(all(MANY));
      }
    });

    it('whose writes nobody awaited', async () => {
      const stub = await failingServer(make(), { awaited: false });
      const { numbers, error } = await readSlowly(stub);
      expect(error).toMatchObject({ code: Status.ABORTED });
      expect(numbers).toEqual(all(MANY));
    });

    it('with a prefetch of one byte', async () => {
      const stub = await failingServer(make());
      const { numbers, error } = await readSlowly(stub, { prefetchBytes: 1 });
      expect(error).toMatchObject({ code: Status.ABORTED });
      expect(numbers).toEqual(all(MANY));
    });

    it.each([1, undefined])('500 of 64 KiB, with a prefetch of %s', async (prefetchBytes) => {
      const stub = await failingServer(make(), { count: 500, size: LARGE });
      const { numbers, error } = await readSlowly(stub, { prefetchBytes });
      expect(error).toMatchObject({ code: Status.ABORTED });
      expect(numbers).toEqual(all(500));
    });
  },
);

/** What ends a call of a server that builds its frames by hand. */
type End = (connection: RawConnection, stream: number) => void;

/** A stub of such a server, which answers with 5,000 messages and ends the call in some way. */
async function breakingServer(end: End): Promise<CountStub> {
  const replies = Buffer.concat(all(MANY).map((n) => framed(numbered(n, 40))));
  const { address } = await startPeer((frame, connection) => {
    if (!endsRequests(frame)) return;
    connection.headers(frame.stream, RESPONSE);
    connection.data(frame.stream, replies);
    end(connection, frame.stream);
  });
  return stubOf(address, http2(), () => {});
}

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL } = constants;

const ENDS: [string, number, End][] = [
  ['RST_STREAM', Status.INTERNAL, (to, stream) => to.reset(stream, NGHTTP2_INTERNAL_ERROR)],
  ['RST_STREAM CANCEL', Status.CANCELLED, (to, stream) => to.reset(stream, NGHTTP2_CANCEL)],
  [
    'END_STREAM without a status',
    Status.UNKNOWN,
    (to, stream) => to.send(DATA, END_STREAM, stream),
  ],
  ['a lost connection', Status.UNAVAILABLE, ({ socket }) => socket.end()],
  ['GOAWAY with an error', Status.UNAVAILABLE, (to) => to.goaway(0, NGHTTP2_INTERNAL_ERROR)],
  [
    'half a message and a status',
    Status.ABORTED,
    (to, stream) => {
      to.send(DATA, 0, stream, Buffer.from([0, 0, 0]));
      to.headers(stream, { 'grpc-status': '10' }, true);
    },
  ],
];

describe.each(ENDS)('%s behind 5,000 messages and a reader that sleeps', (_, code, end) => {
  it.each([1, undefined])('all are delivered, with a prefetch of %s', async (prefetchBytes) => {
    const stub = await breakingServer(end);
    for (let run = 0; run < 5; run += 1) {
      const { numbers, error } = await readSlowly(stub, { prefetchBytes });
      expect(error).toMatchObject({ code });
      expect(numbers).toEqual(all(MANY));
    }
  });
});

describe.each(['http2', 'memory'] as const)('a connection lost at any time, over %s', (name) => {
  it.each([0, 1, 5, 20, 60])(
    'after %d ms: what came is delivered, in order and once',
    async (ms) => {
      const endless = { serverStream: () => endlessly() };
      const { stub, cut, takeErrors } = await rig(name, endless, { cuttable: true, byForce: true });
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toEqual({ n: 0 });
      await sleep(ms);
      cut();
      const numbers = [0];
      const reading = (async () => {
        for await (const { n } of stream) {
          numbers.push(n);
          if (n % 500 === 0) await turns(1);
        }
      })();
      expect(await rejection(reading)).toMatchObject({ code: Status.UNAVAILABLE });
      expect(numbers).toEqual(all(numbers.length));
      takeErrors();
    },
  );
});

function* endlessly(): Generator<{ n: number }> {
  for (let n = 0; ; n += 1) yield { n };
}
