import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type CallContext, connect, http2, Server } from 'tributary';
import {
  atRest,
  collect,
  type Handlers,
  type Message,
  numbered,
  rejection,
  rig,
  Stories,
  soon,
  turns,
  whenOver,
} from '../../stories/harness.js';
import { RawConnection, type RawFrame } from './raw-connection.js';
import { callHeaders, END_HEADERS, END_STREAM, FRAME, frame, grpcMessage } from './raw-frames.js';
import { rawRequest } from './raw-request.js';
import { watched } from './watched.js';

const BIDI = '/test.Stories/BidiStream';
const CANCEL = 8;

/** A ping from the server, to be answered. */
const isPing = ({ type, flags }: RawFrame): boolean => type === FRAME.ping && flags === 0;
/** The trailers of a call. */
const isEnd =
  (stream: number) =>
  ({ type, flags, stream: of }: RawFrame): boolean =>
    type === FRAME.headers && of === stream && (flags & END_STREAM) !== 0;

describe('a server that closes', () => {
  it('GOAWAY names the last call that is handled; open calls end well', async () => {
    const guard = await watched();
    const raw = await RawConnection.open(guard.address);
    raw.call(1, BIDI);
    raw.send(frame(FRAME.data, 0, 1, grpcMessage('{"n":1}')));
    await raw.next(({ type }) => type === FRAME.data, 'the echo');
    const closed = guard.server.close({ grace: 60_000 });
    raw.call(3, BIDI);
    expect(await raw.goaway()).toEqual({ last: 1, code: 0, data: '' });
    raw.call(5, BIDI);
    raw.send(frame(FRAME.data, END_STREAM, 1, grpcMessage('{"n":1}')));
    await raw.next(isEnd(1), 'the status of the open call');
    await soon(closed, 'the server to close');
    expect(raw.frames.filter(({ stream }) => stream > 1)).toEqual([]);
    expect(guard.ends).toEqual(['EOF']);
    expect(guard.begun()).toBe(1);
  });

  it('a client that answers no ping and keeps its side open holds nothing up', async () => {
    const guard = await watched();
    const raw = await RawConnection.open(guard.address, undefined, { allowHalfOpen: true });
    await soon(guard.server.close({ grace: 60_000 }), 'the server to close');
    expect(raw.goaways.at(-1)).toMatchObject({ code: 0 });
    expect(guard.ends).toEqual([]);
  });

  it('calls that set out while it closes are answered or safe to repeat, none is lost', async () => {
    const handled = new Set<number>();
    const handlers: Handlers = {
      unary(request) {
        handled.add(request.n);
        return request;
      },
    };
    for (let round = 0; round < 5; round += 1) {
      const { address, server } = await rig('http2', handlers, { byForce: true });
      handled.clear();
      const client = connect(address, { ownConnections: true });
      whenOver(() => client.close());
      const stub = client.stub(Stories);
      await stub.unary({ n: -1 });
      const calls = Array.from(numbered(200), async (each) => {
        if (each.n % 20 === 0) await turns(each.n / 20);
        return stub.unary(each).then(
          ({ n }) => n,
          ({ code }: { code: number }) => (code === 14 ? 'refused' : code),
        );
      });
      await turns(2);
      const closed = server.close({ grace: 5_000 });
      const outcomes = await soon(Promise.all(calls), 'all calls to end');
      await soon(closed, 'the server to close');
      for (const [n, outcome] of outcomes.entries()) {
        expect(outcome === 'refused' ? 'refused' : Number(outcome)).toBe(
          handled.has(n) ? n : 'refused',
        );
      }
    }
  });

  it('an open stream that outlasts the grace is told UNAVAILABLE, though its client does not read', async () => {
    let written = 0;
    const guard = await rig(
      'http2',
      {
        async serverStream(_request, _ctx, stream) {
          for (;;) {
            await stream.write({ n: 0, text: 'x'.repeat(50_000) });
            written += 1;
          }
        },
      },
      { byForce: true },
    );
    const stream = guard.stub.serverStream({ n: 0 });
    await atRest(() => written);
    await soon(guard.server.close({ grace: 50 }), 'the server to close');
    expect(await rejection(collect(stream))).toMatchObject({ code: 14 });
  });
});

describe('keepalive', () => {
  const keepalive = { time: 50, timeout: 50 };

  it('a client that answers no ping loses its connection; its handler is told, once', async () => {
    const guard = await watched({ keepalive });
    const raw = await RawConnection.open(guard.address);
    raw.call(1, BIDI);
    await raw.next(isPing, 'a ping');
    await raw.closed;
    await turns();
    expect(guard.ends).toEqual(['14']);
    await guard.isWell();
  });

  it('one that answers stays, also while it is asked to close', async () => {
    const guard = await watched({ keepalive, maxConnectionAge: 200 });
    const raw = await RawConnection.open(guard.address);
    // The first settings are answered already.
    let answered = 1;
    const answer = setInterval(() => {
      const asked = raw.frames.filter(
        ({ type, flags }) => (type === FRAME.ping || type === FRAME.settings) && flags === 0,
      );
      for (const { type, payload } of asked.slice(answered)) {
        raw.send(frame(type, 1, 0, type === FRAME.ping ? payload : undefined));
      }
      answered = asked.length;
    }, 5);
    whenOver(() => clearInterval(answer));
    raw.call(1, BIDI);
    await raw.next(() => raw.goaways.length === 1, 'the GOAWAY');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(raw.socket.destroyed).toBe(false);
    raw.send(frame(FRAME.data, END_STREAM, 1));
    await raw.next(isEnd(1), 'the status');
    await raw.closed;
    expect(guard.ends).toEqual(['EOF']);
    await guard.isWell();
  });

  it('false: nothing is asked', async () => {
    const guard = await watched({ keepalive: false });
    const raw = await RawConnection.open(guard.address);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(raw.frames.filter(isPing)).toEqual([]);
    raw.socket.destroy();
    await guard.isWell();
  });
});

describe('a client that does not read', () => {
  it('no window: the writer waits, and little is held', async () => {
    let written = 0;
    const guard = await rig(
      'http2',
      {
        async serverStream(_request, _ctx, stream) {
          for (;;) {
            await stream.write({ n: 0, text: 'x'.repeat(10_000) });
            written += 1;
          }
        },
      },
      { byForce: true },
    );
    // SETTINGS_INITIAL_WINDOW_SIZE of 0.
    const raw = await RawConnection.open(guard.address, Buffer.from([0, 4, 0, 0, 0, 0]));
    for (let stream = 1; stream < 40; stream += 2) {
      raw.call(stream, '/test.Stories/ServerStream');
      raw.send(frame(FRAME.data, END_STREAM, stream, grpcMessage('{"n":1}')));
    }
    // 20 calls, each with 64 KiB of its own and one write more on its way.
    const most = await atRest(() => written);
    expect(most).toBeLessThan(20 * 20);
    raw.socket.destroy();
  });

  it('its deadline passes: the handler ends, and the stream is reset', async () => {
    const guard = await rig(
      'http2',
      {
        async serverStream(_request, _ctx, stream) {
          for (;;) await stream.write({ n: 0, text: 'x'.repeat(10_000) });
        },
      },
      { byForce: true, maxCallDuration: 100 },
    );
    const raw = await RawConnection.open(guard.address, Buffer.from([0, 4, 0, 0, 0, 0]));
    raw.call(1, '/test.Stories/ServerStream');
    raw.send(frame(FRAME.data, END_STREAM, 1, grpcMessage('{"n":1}')));
    expect(await raw.reset(1)).toBe(CANCEL);
    raw.socket.destroy();
  });
});

describe('request headers', () => {
  const heard: Handlers = { unary: (_request, ctx) => ({ n: ctx.metadata.get('x').length }) };

  it.each<[number, number, string | undefined]>([
    [16 * 1024, 16_000, '0'],
    [16 * 1024, 17_000, '8'],
    [100_000, 60_000, '0'],
    [60_000, 62_000, '8'],
  ])('maxMetadataSize %s, a value of %s bytes: %s', async (maxMetadataSize, size, status) => {
    const { address } = await rig('http2', heard, { maxMetadataSize });
    expect(await rawRequest(address, { x: 'x'.repeat(size) })).toMatchObject({ status });
  });

  it('as many entries as the limit has room for', async () => {
    const { address } = await rig('http2', heard, {});
    const many = Object.fromEntries(Array.from(numbered(400), ({ n }) => [`x-${n}`, 'y']));
    expect(await rawRequest(address, many)).toMatchObject({ status: '0' });
    const more = Object.fromEntries(Array.from(numbered(900), ({ n }) => [`x-${n}`, 'y']));
    expect(await rawRequest(address, more)).toMatchObject({ status: '8' });
  });

  it('far too many: the call is reset, the connection lives', async () => {
    const guard = await watched();
    const raw = await RawConnection.open(guard.address);
    const fields = Array.from(numbered(3_000), ({ n }): [string, string] => [`x-${n}`, 'y']);

    const block = callHeaders(BIDI, fields);
    raw.send(frame(FRAME.headers, 0, 1, block.subarray(0, 16_000)));
    raw.send(frame(FRAME.continuation, END_HEADERS, 1, block.subarray(16_000)));
    expect(await raw.reset(1)).toBe(11);
    raw.call(3, BIDI, END_HEADERS | END_STREAM);
    await raw.next(isEnd(3), 'the status of the next call');
    raw.socket.destroy();
    await guard.isWell();
  });
});

describe('ctx.peer', () => {
  it.each([
    ['127.0.0.1:0', /^127\.0\.0\.1:\d+$/],
    ['[::1]:0', /^::1:\d+$/],
    [`unix:${join(tmpdir(), `tributary-h2-${process.pid}.sock`)}`, /^unix:\d+$/],
  ])('on %s', async (address, expected) => {
    const server = new Server({ transport: http2() });
    server.add(Stories, {
      unary: (_request: Message, ctx: CallContext) => ({ n: 0, text: ctx.peer }),
    } as never);
    whenOver(() => server.close({ grace: 0 }));
    const { address: bound } = await server.listen(address);
    const client = connect(bound);
    whenOver(() => client.close());
    expect((await client.stub(Stories).unary({ n: 0 })).text).toMatch(expected);
  });
});

describe('a connection without a word', () => {
  it('is closed when the handshake takes too long, and the server lives', async () => {
    const guard = await watched({ handshakeTimeout: 100 });
    const socket = connectSocket(Number(guard.address.split(':')[1]), '127.0.0.1');
    socket.on('error', () => {});
    await soon(new Promise((resolve) => socket.once('close', resolve)), 'the server to close it');
    await guard.isWell();
  });
});
