import type { ServerHttp2Stream } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { EncodedMessage } from '../../../lib/base/encoded-message.js';
import { IncomingMessages } from '../../../lib/transport/http2/incoming-messages.js';
import { joinCompressed, joinFrames } from '../../../lib/transport/http2/join-frames.js';
import type { WireFault } from '../../../lib/transport/http2/wire-fault.js';
import { atRest, later, soon, turns } from '../../stories/harness.js';
import { bareSession } from './bare-session.js';

/** What has come of a stream, in order. */
interface Seen {
  readonly incoming: IncomingMessages;
  readonly messages: string[];
  readonly end: Promise<string>;
  /** Bytes that have arrived at Node, as the sender's flow control has it. */
  request(): void;
}

/** Reads what `answer` sends on a stream of a real connection. */
async function reading(
  answer: (stream: ServerHttp2Stream) => void,
  { greedy = false, encoding = 'identity', maxSize = 1_000_000 } = {},
): Promise<Seen> {
  const session = await bareSession((stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200 });
    answer(stream);
  });
  const messages: string[] = [];
  const end = later<string>();
  const incoming = new IncomingMessages(maxSize, {
    onMessage: (bytes) => {
      messages.push(Buffer.from(bytes).toString());
      if (greedy) incoming.request();
    },
    onEnd: () => end.resolve(incoming.isWhole ? 'end' : 'cut'),
    onFault: (fault: WireFault) => end.resolve(`fault ${fault.code}`),
  });
  incoming.encoding = encoding;
  const stream = session.request({ ':path': '/' });
  stream.on('error', () => {});
  incoming.attach(stream);
  if (greedy) incoming.request();
  return { incoming, messages, end: end.promise, request: () => incoming.request() };
}

const numbered = (count: number, size = 1): Buffer =>
  Buffer.concat(
    joinFrames(Array.from({ length: count }, (_, i) => encoded(String(i).padStart(size)))),
  );

describe('messages that arrive', () => {
  it('are handed on one at a time, as they are asked for', async () => {
    const { messages, request, end } = await reading((stream) => stream.end(numbered(3)));
    expect(await atRest(() => messages.length)).toBe(0);
    request();
    await atRest(() => messages.length);
    expect(messages).toEqual(['0']);
    request();
    request();
    await atRest(() => messages.length);
    expect(messages).toEqual(['0', '1', '2']);
    request();
    expect(await soon(end, 'the end')).toBe('end');
  });

  it('wait for their reader: the sender is held', async () => {
    let written = 0;
    const piece = numbered(100, 1_000);
    const { messages, request, incoming } = await reading((stream) => {
      const write = (): void => {
        stream.write(piece, () => {
          written += piece.length;
          if (written < 20_000_000) write();
        });
      };
      write();
    });
    expect(await atRest(() => written)).toBeLessThan(1_000_000);
    request();
    await atRest(() => messages.length);
    expect(messages).toHaveLength(1);
    incoming.stop();
    await soon(
      (async () => {
        while (written < 20_000_000) await new Promise((resolve) => setTimeout(resolve, 5));
      })(),
      'the sender to be let go',
    );
  });

  it('come all at once when they are rushed, however many: they are no recursion', async () => {
    const count = 200_000;
    const { messages, incoming, end } = await reading((stream) => stream.end(numbered(count)));
    incoming.rush();
    expect(await soon(end, 'the end')).toBe('end');
    expect(messages).toHaveLength(count);
    expect(messages.at(-1)).toBe(String(count - 1));
  });

  it.each([true, false])('before a reset come before the end, asked for or not', async (greedy) => {
    const { messages, incoming, end, request } = await reading(
      (stream) => {
        stream.write(numbered(1_000), () => setTimeout(() => stream.destroy(new Error('x')), 20));
      },
      { greedy },
    );
    if (!greedy) {
      request();
      await atRest(() => messages.length);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(messages).toHaveLength(1);
      incoming.rush();
    }
    expect(await soon(end, 'the end')).toBe('end');
    expect(messages).toHaveLength(1_000);
  });

  it('that are cut are not whole, whether somebody waits for them or not', async () => {
    for (const greedy of [true, false]) {
      const cut = numbered(2).subarray(0, 9);
      const { messages, end, incoming } = await reading((stream) => stream.end(cut), { greedy });
      if (!greedy) incoming.rush();
      expect(await soon(end, 'the end')).toBe('cut');
      expect(messages).toEqual(['0']);
    }
  });

  it('and are no messages end it, behind those that are', async () => {
    const bad = Buffer.concat([numbered(2), Buffer.from([7, 0, 0, 0, 0])]);
    const { messages, end } = await reading((stream) => stream.write(bad), { greedy: true });
    expect(await soon(end, 'the end')).toBe('fault 13');
    expect(messages).toEqual(['0', '1']);
  });
});

describe('compressed messages', () => {
  const mixed = joinCompressed([
    { bytes: gzipSync('a'.repeat(100)), compressed: true },
    { bytes: Buffer.from('b'), compressed: false },
    { bytes: gzipSync(''), compressed: true },
  ]);
  const whole = ['a'.repeat(100), 'b', ''];

  it.each([true, false])('keep their place among others', async (greedy) => {
    const { messages, end, incoming } = await reading((stream) => stream.end(mixed), {
      greedy,
      encoding: 'gzip',
    });
    if (!greedy) incoming.rush();
    expect(await soon(end, 'the end')).toBe('end');
    expect(messages).toEqual(whole);
  });

  it.each([
    ['without an encoding', 'identity', mixed, 'fault 13'],
    ['in an encoding that nobody knows', 'br', mixed, 'fault 13'],
    ['in another than their headers say', 'deflate', mixed, 'fault 13'],
    [
      'that are too large',
      'gzip',
      joinCompressed([{ bytes: gzipSync(Buffer.alloc(2_000_000)), compressed: true }]),
      'fault 8',
    ],
  ])('%s end it', async (_what, encoding, run, outcome) => {
    const { end } = await reading((stream) => stream.write(run), { greedy: true, encoding });
    expect(await soon(end, 'the end')).toBe(outcome);
  });

  it('are not all decompressed because the end is near, if they would be very much', async () => {
    const count = 20;
    const bomb = { bytes: gzipSync(Buffer.alloc(4 * 1024 * 1024)), compressed: true };
    const run = joinCompressed(Array.from({ length: count }, () => bomb));
    const { messages, incoming, request, end } = await reading((stream) => stream.end(run), {
      encoding: 'gzip',
      maxSize: 4 * 1024 * 1024,
    });
    const thereAre = async (wanted: number): Promise<void> => {
      while (messages.length < wanted) await turns();
    };
    incoming.rush();
    await soon(thereAre(4), 'what a rush hands on');
    expect(await atRest(() => messages.length)).toBe(4);
    for (let asked = 5; asked <= count; asked += 1) {
      request();
      await soon(thereAre(asked), `message ${asked}`);
      await turns();
      expect(messages).toHaveLength(asked);
    }
    request();
    expect(await soon(end, 'the end')).toBe('end');
  });

  it('that were stopped are dropped', async () => {
    const { messages, incoming, request } = await reading((stream) => stream.end(mixed), {
      encoding: 'gzip',
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    request();
    incoming.stop();
    expect(await atRest(() => messages.length)).toBe(0);
  });
});

function encoded(text: string): EncodedMessage {
  return EncodedMessage.of(Buffer.from(text));
}
