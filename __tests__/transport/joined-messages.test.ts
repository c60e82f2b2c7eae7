import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bidiStream,
  bytes,
  type ConnectOptions,
  connect,
  EOF,
  grpc,
  http2,
  RpcError,
  Server,
  Status,
  type Stub,
  service,
} from 'tributary';
import { EncodedMessage } from '../../lib/base/encoded-message.js';
import { joinMessages } from '../../lib/transport/grpc/joined-message.js';
import { connectPeer } from '../peers/connect-peer.js';
import { grpcJsPeer } from '../peers/grpc-js-peer.js';
import { niceGrpcPeer } from '../peers/nice-grpc-peer.js';
import type { Note } from '../peers/peer.js';
import { tributaryPeer } from '../peers/tributary-peer.js';
import { rejection, soon, whenOver, within } from '../stories/harness.js';

const Bytes = service('test.Bytes', { echo: bidiStream(bytes, bytes) });

/** A server that echoes bytes, and how many it has got. */
async function echoing(transport = grpc(), refusals = 0): Promise<{ address: string }> {
  let left = refusals;
  const server = new Server({ transport, maxReceiveMessageSize: 1024 * 1024 });
  server.add(Bytes, {
    async echo(stream) {
      const all: Uint8Array[] = [];
      for await (const message of stream) all.push(message);
      left -= 1;
      if (left >= 0) throw new RpcError(Status.UNAVAILABLE, 'not yet');
      for (const message of all) await stream.write(message);
    },
  });
  whenOver(() => server.close({ grace: 0 }));
  return await server.listen('127.0.0.1:0');
}

function stubOf(address: string, options: ConnectOptions = {}): Stub<(typeof Bytes)['methods']> {
  const client = connect(address, { ownConnections: true, ...options });
  whenOver(() => client.close());
  return client.stub(Bytes);
}

/** Writes all at once, so that they wait together, and gives what comes back. */
async function roundTrip(
  stub: Stub<(typeof Bytes)['methods']>,
  messages: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const stream = stub.echo();
  for (const message of messages) void stream.write(message);
  void stream.doneWriting();
  const back: Uint8Array[] = [];
  for await (const message of stream) back.push(message);
  return back;
}

/** For comparison. */
const plain = (messages: readonly Uint8Array[]): string[] =>
  messages.map((each) => Buffer.from(each).toString('base64'));

describe('messages that go as one', () => {
  it('come apart at the server as they were, whatever their sizes', async () => {
    const { address } = await echoing();
    const stub = stubOf(address);
    const sizes = fc.array(fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 5_000 })), {
      maxLength: 60,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const messages = lengths.map((length, i) => new Uint8Array(length).fill(i));
        const back = await within(15_000, roundTrip(stub, messages), 'the echo');
        expect(plain(back)).toEqual(plain(messages));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each([1, 2, 3, 31, 32, 33, 63, 64, 65, 200])('in batches of %i KiB', async (kilobytes) => {
    const { address } = await echoing();
    const messages = Array.from({ length: 20 }, (_, i) =>
      new Uint8Array((kilobytes * 1024) / 4).fill(i),
    );
    const back = await within(15_000, roundTrip(stubOf(address), messages), 'the echo');
    expect(plain(back)).toEqual(plain(messages));
  });

  it.each([grpcJsPeer, niceGrpcPeer, connectPeer])(
    'come apart at a server of $name',
    async (peer) => {
      const server = await peer.serve(async function* (call) {
        for await (const ask of call.asks) yield ask;
      });
      whenOver(() => server.close());
      const client = (await tributaryPeer()).connect(server.port);
      whenOver(() => client.close());
      const notes: Note[] = Array.from({ length: 300 }, (_, i) => ({
        text: 'é'.repeat(i % 50),
        number: i,
        big: BigInt(i) ** 5n,
        blob: new Uint8Array((i * 37) % 700).fill(i),
        words: i % 3 === 0 ? [] : ['a', 'b'],
      }));
      const outcome = await within(
        10_000,
        client.call({ method: 'bidiStream', asks: notes }),
        'the echo',
      );
      expect(outcome.code).toBe(Status.OK);
      expect(outcome.answers.map(({ number }) => number)).toEqual(notes.map((_, i) => i));
      expect(outcome.answers[299]?.blob).toEqual(Buffer.from(notes[299]?.blob as Uint8Array));
    },
  );

  it('come apart at a server over http2', async () => {
    const { address } = await echoing(http2());
    const messages = Array.from({ length: 500 }, (_, i) => new Uint8Array(i).fill(i));
    const back = await soon(roundTrip(stubOf(address), messages), 'the echo');
    expect(plain(back)).toEqual(plain(messages));
  });

  it('are sent again as they were', async () => {
    const { address } = await echoing(grpc(), 2);
    const retry = { maxAttempts: 4, initialBackoff: 1, maxBackoff: 2 };
    const messages = Array.from({ length: 40 }, (_, i) => new Uint8Array(i * 3).fill(i));
    const back = await soon(roundTrip(stubOf(address, { retry }), messages), 'the echo');
    expect(plain(back)).toEqual(plain(messages));
  });

  it('keep to the limit for one message together', async () => {
    const { address } = await echoing();
    const stub = stubOf(address, { maxSendMessageSize: 100 });
    const messages = Array.from({ length: 40 }, (_, i) => new Uint8Array(i % 2 === 0 ? 100 : 7));
    expect(plain(await soon(roundTrip(stub, messages), 'the echo'))).toEqual(plain(messages));
    const error = await rejection(roundTrip(stub, [new Uint8Array(10), new Uint8Array(101)]));
    expect(error).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  });

  it('go one by one where they are compressed, or may be', async () => {
    const { address } = await echoing();
    const stub = stubOf(address, { compression: 'gzip' });
    const messages = Array.from({ length: 40 }, (_, i) => new Uint8Array(i * 20).fill(i));
    expect(plain(await soon(roundTrip(stub, messages), 'the echo'))).toEqual(plain(messages));
    const stream = stub.echo({ compression: 'identity' });
    await stream.write(new Uint8Array(3));
    await stream.write(new Uint8Array(4));
    await stream.doneWriting();
    expect(await stream.read()).toHaveLength(3);
    expect(await stream.read()).toHaveLength(4);
    expect(await stream.read()).toBe(EOF);
  });

  it('are framed by a copy behind the prefix, as grpc-js makes it', () => {
    const joined = joinMessages(
      [Buffer.from('abc'), Buffer.from('de'), Buffer.alloc(0)].map(EncodedMessage.of),
    );
    const output = Buffer.alloc(joined.length + 5);
    output.writeUInt32BE(joined.length, 1);
    expect(joined.framed).toBe(false);
    joined.copy(output, 5);
    expect(joined.framed).toBe(true);
    expect(output.toString('latin1')).toBe('\0\0\0\0\x03abc\0\0\0\0\x02de\0\0\0\0\0');
  });
});
