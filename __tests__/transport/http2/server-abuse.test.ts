import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { http2, type ServerOptions } from 'tributary';
import { type Handlers, rig, turns } from '../../stories/harness.js';
import { RawConnection } from './raw-connection.js';
import { callHeaders, END_HEADERS, END_STREAM, FRAME, frame, grpcMessage } from './raw-frames.js';
import { type Watched, watched } from './watched.js';

const BIDI = '/test.Stories/BidiStream';
const ENHANCE_YOUR_CALM = 11;
const CANCEL = Buffer.from([0, 0, 0, 8]);
const PING = frame(FRAME.ping, 0, 0, Buffer.alloc(8));

/** A guarded server, and a bad connection with a call on it. */
async function withCall(
  options: ServerOptions = {},
): Promise<{ guard: Watched; raw: RawConnection }> {
  const guard = await watched(options);
  const raw = await RawConnection.open(guard.address);
  raw.call(1, BIDI);
  raw.send(frame(FRAME.data, 0, 1, grpcMessage('{"n":1}')));
  await raw.next(({ type }) => type === FRAME.data, 'the echo');
  return { guard, raw };
}

/** The connection is closed with these words, its handler is told of the loss, and others go on. */
async function isCalmed(guard: Watched, raw: RawConnection, what: string): Promise<void> {
  expect(await raw.goaway()).toMatchObject({ code: ENHANCE_YOUR_CALM, data: what });
  await raw.closed;
  await turns();
  expect(guard.ends).toContain('14');
  expect(guard.ends).toHaveLength(guard.begun());
  await guard.isWell();
}

describe('pings', () => {
  it('three too early, with nothing sent in between: too_many_pings', async () => {
    const { guard, raw } = await withCall();
    for (let i = 0; i < 4; i += 1) {
      raw.send(PING);
      await turns();
    }
    await isCalmed(guard, raw, 'too_many_pings');
  });

  it('two too early are forgiven, and what the server sends in between makes it none', async () => {
    const { guard, raw } = await withCall();
    for (let i = 0; i < 10; i += 1) {
      raw.send(PING, PING, PING);
      raw.send(frame(FRAME.data, 0, 1, grpcMessage('{"n":1}')));
      const echoes = i + 2;
      await raw.next(
        () => raw.frames.filter(({ type }) => type === FRAME.data).length >= echoes,
        'an echo',
      );
    }
    expect(raw.goaways).toEqual([]);
    raw.socket.destroy();
    await raw.closed;
    await guard.isWell();
  });

  it('pings in pairs get no forgiveness for the answers to them', async () => {
    const { guard, raw } = await withCall();
    for (let i = 0; i < 3; i += 1) {
      raw.send(PING, PING);
      await turns(20);
    }
    await isCalmed(guard, raw, 'too_many_pings');
  });

  it('a flood at once', async () => {
    const { guard, raw } = await withCall();
    raw.send(...Array<Buffer>(5_000).fill(PING));
    await raw.closed;
    expect(raw.goaways[0]).toMatchObject({ code: ENHANCE_YOUR_CALM });
    await guard.isWell();
  });
});

describe('settings', () => {
  it('a flood of them', async () => {
    const { guard, raw } = await withCall();
    for (let i = 0; i < 110; i += 1) raw.send(frame(FRAME.settings, 0, 0));
    await isCalmed(guard, raw, 'too_many_settings');
  });

  it('some are welcome', async () => {
    const { guard, raw } = await withCall();
    for (let i = 0; i < 50; i += 1) raw.send(frame(FRAME.settings, 0, 0));
    await turns(20);
    expect(raw.goaways).toEqual([]);
    raw.socket.destroy();
    await raw.closed;
    await guard.isWell();
  });
});

describe('resets', () => {
  it('calls that are given up at once: the connection is closed, few handlers are called', async () => {
    const { guard, raw } = await withCall();
    for (let stream = 3; stream < 4_000; stream += 2) {
      raw.call(stream, BIDI);
      raw.send(frame(FRAME.reset, 0, stream, CANCEL));
      if (stream % 100 === 1) await turns(1);
    }
    await raw.closed;
    expect(raw.goaways.length).toBeGreaterThan(0);
    expect(guard.begun()).toBeLessThan(1_100);
    await turns();
    expect(guard.ends).toHaveLength(guard.begun());
    await guard.isWell();
  });

  it('calls that run, and are given up one by one', async () => {
    const { guard, raw } = await withCall();
    for (let stream = 3; raw.goaways.length === 0; stream += 2) {
      raw.call(stream, BIDI);
      await turns(2);
      raw.send(frame(FRAME.reset, 0, stream, CANCEL));
      await turns(2);
      expect(stream).toBeLessThan(4_000);
    }
    expect(guard.begun()).toBeGreaterThan(800);
    await isCalmed(guard, raw, 'too_many_resets');
  });
});

describe('frames of little', () => {
  it('messages byte by byte: too_many_tiny_frames', async () => {
    const { guard, raw } = await withCall();
    const message = grpcMessage(JSON.stringify({ n: 1, text: 'x'.repeat(20_000) }));
    for (const byte of message) raw.send(frame(FRAME.data, 0, 1, Buffer.from([byte])));
    await isCalmed(guard, raw, 'too_many_tiny_frames');
  });

  it('tiny messages are welcome, however many, their prefixes apart from them, too', async () => {
    const { guard, raw } = await withCall();
    const message = grpcMessage('{"n":1}');
    for (let i = 0; i < 12_000; i += 1) {
      raw.send(
        frame(FRAME.data, 0, 1, message.subarray(0, 5)),
        frame(FRAME.data, 0, 1, message.subarray(5)),
      );
    }
    const last = frame(FRAME.windowUpdate, 0, 1, Buffer.from([0, 0x10, 0, 0]));
    raw.send(last, frame(FRAME.windowUpdate, 0, 0, Buffer.from([0, 0x10, 0, 0])));
    raw.send(frame(FRAME.data, 1, 1));
    await raw.next(({ type, flags }) => type === FRAME.headers && (flags & 1) === 1, 'the status');
    expect(raw.goaways).toEqual([]);
    raw.socket.destroy();
    await guard.isWell();
  });

  it('small messages that wait for slow readers are no abuse', async () => {
    const idle: Handlers = { bidiStream: (_stream, ctx) => once(ctx.signal, 'abort') as never };
    const guard = await rig('http2', idle, { byForce: true, prefetchBytes: 1 });
    const raw = await RawConnection.open(guard.address);
    for (let stream = 1; stream < 12; stream += 2) {
      raw.call(stream, BIDI);
      raw.send(...Array<Buffer>(4_000).fill(frame(FRAME.data, 0, stream, grpcMessage('{"n":1}'))));
      await turns(5);
    }
    await turns(20);
    expect(raw.goaways).toEqual([]);
    raw.socket.destroy();
  });

  it('nor are those of calls that end before they are read, however many calls', async () => {
    const guard = await rig('http2', {
      async clientStream(stream) {
        await stream.read();
        return { n: 1 };
      },
    });
    const raw = await RawConnection.open(guard.address);
    for (let stream = 1; stream < 600; stream += 2) {
      raw.call(stream, '/test.Stories/ClientStream');
      raw.send(...Array<Buffer>(100).fill(frame(FRAME.data, 0, stream, grpcMessage('{"n":1}'))));
      raw.send(frame(FRAME.data, END_STREAM, stream));
      await turns(3);
    }
    expect(raw.goaways).toEqual([]);
    raw.socket.destroy();
  });

  it('what cannot hold a message is, also while nothing is read', async () => {
    const idle: Handlers = { bidiStream: (_stream, ctx) => once(ctx.signal, 'abort') as never };
    const guard = await rig('http2', idle, { byForce: true, prefetchBytes: 1 });
    const raw = await RawConnection.open(guard.address);
    raw.call(1, BIDI);
    raw.send(frame(FRAME.data, 0, 1, grpcMessage('{"n":1}')));
    for (let i = 0; i < 12; i += 1) {
      raw.send(...Array<Buffer>(1_000).fill(frame(FRAME.data, 0, 1, Buffer.from([0]))));
      await turns(1);
    }
    expect(await raw.goaway()).toMatchObject({ data: 'too_many_tiny_frames' });
    await raw.closed;
  });

  it('empty ones', async () => {
    const { guard, raw } = await withCall();
    for (let i = 0; i < 3_000; i += 1) raw.send(frame(FRAME.data, 0, 1));
    await raw.closed;
    await turns();
    expect(guard.ends).toEqual(['14']);
    await guard.isWell();
  });
});

describe('headers without an end', () => {
  it('CONTINUATION after CONTINUATION', async () => {
    const { guard, raw } = await withCall();
    raw.send(frame(FRAME.headers, 0, 3, callHeaders(BIDI)));
    for (let i = 0; i < 1_000; i += 1) {
      raw.send(frame(FRAME.continuation, 0, 3, Buffer.alloc(1_000, 0x82)));
    }
    await raw.closed;
    await turns();
    expect(guard.ends).toEqual(['14']);
    await guard.isWell();
  });

  it('what takes no bytes and stands for many', async () => {
    const { guard, raw } = await withCall();
    // An indexed field is one byte: here 16,000 times `:method: GET`'s neighbours.
    raw.send(
      frame(
        FRAME.headers,
        END_HEADERS,
        3,
        Buffer.concat([callHeaders(BIDI), Buffer.alloc(16_000, 0x90)]),
      ),
    );
    expect(await raw.reset(3)).toBe(ENHANCE_YOUR_CALM);
    raw.socket.destroy();
    await guard.isWell();
  });
});

describe('streams', () => {
  it('more than there may be: refused, and the others go on', async () => {
    const guard = await watched({ maxConcurrentStreams: 3 });
    const raw = await RawConnection.open(guard.address);
    for (let stream = 1; stream < 20; stream += 2) raw.call(stream, BIDI);
    await raw.next(({ type }) => type === FRAME.reset || type === FRAME.goaway, 'a refusal');
    expect(guard.begun()).toBeLessThanOrEqual(3);
    raw.socket.destroy();
    await guard.isWell();
  });
});

describe('minPingInterval', () => {
  it.each([-1, Number.NaN])('%s is refused', (minPingInterval) => {
    expect(() => http2({ minPingInterval })).toThrow(
      `minPingInterval must be 0 milliseconds or more, got ${minPingInterval}`,
    );
  });

  it('takes a number', () => {
    expect(() => http2({ minPingInterval: '1s' as unknown as number })).toThrow(
      "minPingInterval must be a number of milliseconds, got '1s'",
    );
  });
});
