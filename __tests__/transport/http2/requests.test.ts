import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type ConnectOptions, connect, http2, Status } from 'tributary';
import { EncodedMessage } from '../../../lib/base/encoded-message.js';
import { OutgoingMessages } from '../../../lib/transport/http2/outgoing-messages.js';
import { atRest, later, Stories, soon, whenOver } from '../../stories/harness.js';
import { bareSession } from './bare-session.js';
import { DATA, endsRequests, startPeer } from './raw-peer.js';

async function silentPeer(options: ConnectOptions = {}) {
  const peer = await startPeer(() => {});
  const client = connect(peer.address, { transport: http2(), ...options });
  whenOver(() => client.close());
  return { peer, stub: client.stub(Stories) };
}

describe('requests', () => {
  it('behind one that is over the limit do not arrive, nor does their end', async () => {
    const { peer, stub } = await silentPeer({ maxSendMessageSize: 1_000 });
    const stream = stub.clientStream();
    await stream.write({ n: 1 });
    await peer.connected(1);
    const [{ frames }] = peer.connections as [(typeof peer.connections)[0]];
    await atRest(() => frames.length);
    void stream.write({ n: 2, text: 'x'.repeat(100_000) });
    void stream.write({ n: 3, text: 'y'.repeat(100_000) });
    void stream.doneWriting();
    expect(await soon(stream.status(), 'the status')).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
    });
    await atRest(() => frames.length);
    expect(frames.filter(({ type }) => type === DATA)).toHaveLength(1);
    expect(frames.some(endsRequests)).toBe(false);
  });
});

describe('requests that are compressed', () => {
  /** A stream of bare node:http2, and all that arrives of it. */
  async function pair() {
    const arrived = later<Buffer>();
    const session = await bareSession((stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => arrived.resolve(Buffer.concat(chunks)));
    });
    const stream = session.request({ ':path': '/' }, { endStream: false });
    stream.on('error', () => {});
    return { stream, arrived: arrived.promise };
  }

  it('take little memory meanwhile, however many wait, and keep their order', async () => {
    const { stream, arrived } = await pair();
    const outgoing = new OutgoingMessages(stream, 'gzip');
    const before = process.memoryUsage().external;
    const sent: number[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      const messages = Array.from({ length: 100 }, (_, i) =>
        EncodedMessage.of(Buffer.from(String(batch * 100 + i).padEnd(100))),
      );
      outgoing.send(messages, () => sent.push(batch));
    }
    outgoing.end();
    await Promise.resolve();
    expect(process.memoryUsage().external - before).toBeLessThan(20_000_000);
    const all = await soon(arrived, 'all of them');
    const read: number[] = [];
    for (let at = 0; at < all.length; ) {
      const end = at + 5 + all.readUInt32BE(at + 1);
      read.push(Number(gunzipSync(all.subarray(at + 5, end)).toString()));
      at = end;
    }
    expect(read).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(sent).toEqual(Array.from({ length: 10 }, (_, i) => i));
  });

  it('are left alone when the stream ends before', async () => {
    const { stream } = await pair();
    const outgoing = new OutgoingMessages(stream, 'gzip');
    let sent = 0;
    for (let n = 0; n < 3; n += 1) {
      outgoing.send([EncodedMessage.of(Buffer.alloc(1_000))], () => {
        sent += 1;
      });
    }
    outgoing.end();
    stream.destroy();
    expect(await atRest(() => sent)).toBe(0);
  });
});
