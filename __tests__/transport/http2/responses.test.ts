import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type ConnectOptions, connect, http2, type RpcError, Status } from 'tributary';
import { rejection, Stories, soon, whenOver } from '../../stories/harness.js';
import { type Answer, body, compressed, headersOnly, REPLY } from './raw-answers.js';
import { DATA, endsRequests, framed, RESPONSE, startPeer } from './raw-peer.js';

const OK = { 'grpc-status': '0' };

/** A stub of a server that answers every call so. */
async function stubOf(answer: Answer, options: ConnectOptions = {}) {
  const peer = await startPeer((frame, connection) => {
    if (endsRequests(frame)) answer(connection, frame.stream);
  });
  const client = connect(peer.address, { transport: http2(), ...options });
  whenOver(() => client.close());
  return client.stub(Stories);
}

async function failure(answer: Answer): Promise<RpcError> {
  const stub = await stubOf(answer);
  return (await rejection(stub.unary({ n: 1 }))) as RpcError;
}

describe('responses of a server of hand-built frames', () => {
  it('a reply, in any number of DATA frames', async () => {
    const parts = [...REPLY].map((byte) => Buffer.from([byte]));
    for (const answer of [body(REPLY), body(...parts), body(Buffer.alloc(0), REPLY)]) {
      expect(await (await stubOf(answer)).unary({ n: 1 })).toEqual({ n: 1 });
    }
  });

  it.each<[string, Answer, number, RegExp]>([
    [
      'trailers-only with details',
      headersOnly({ ...RESPONSE, 'grpc-status': '5', 'grpc-message': 'no%20such%20n' }),
      Status.NOT_FOUND,
      /^no such n$/,
    ],
    [
      'a status that there is not',
      headersOnly({ ...RESPONSE, 'grpc-status': '99' }),
      Status.UNKNOWN,
      /99/,
    ],
    [
      'a status that is no number',
      headersOnly({ ...RESPONSE, 'grpc-status': 'OK' }),
      Status.UNKNOWN,
      /'OK'/,
    ],
    [
      'trailers without a status',
      (connection, stream) => {
        connection.headers(stream, RESPONSE);
        connection.data(stream, REPLY);
        connection.headers(stream, { 'some-key': 'x' }, true);
      },
      Status.UNKNOWN,
      /no status/,
    ],
    [
      'an end without trailers',
      (connection, stream) => {
        connection.headers(stream, RESPONSE);
        connection.data(stream, REPLY, true);
      },
      Status.UNKNOWN,
      /without a status/,
    ],
    [
      '503 with HTML',
      (connection, stream) => {
        connection.headers(stream, { ':status': '503', 'content-type': 'text/html' });
        connection.data(stream, Buffer.from('<h1>not now</h1>'), true);
      },
      Status.UNAVAILABLE,
      /HTTP 503 with content-type 'text\/html'/,
    ],
    ['404', headersOnly({ ':status': '404' }), Status.UNIMPLEMENTED, /HTTP 404/],
    ['401', headersOnly({ ':status': '401' }), Status.UNAUTHENTICATED, /HTTP 401/],
    [
      'a content-type that is not gRPC’s',
      headersOnly({ ':status': '200', 'content-type': 'application/json' }),
      Status.UNKNOWN,
      /application\/json/,
    ],
    [
      'a content-type that only begins like gRPC’s',
      headersOnly({ ':status': '200', 'content-type': 'application/grpcx', 'grpc-status': '0' }),
      Status.UNKNOWN,
      /grpcx/,
    ],
    ['a message cut short, then OK', body(REPLY.subarray(0, 9)), Status.INTERNAL, /cut short/],
    ['a prefix cut short, then OK', body(REPLY, Buffer.alloc(3)), Status.INTERNAL, /cut short/],
    [
      'a message larger than allowed',
      body(Buffer.from([0, 0xff, 0xff, 0xff, 0xff])),
      Status.RESOURCE_EXHAUSTED,
      /4294967295/,
    ],
    ['two replies', body(REPLY, REPLY), Status.UNIMPLEMENTED, /./],
    ['no reply', body(), Status.UNIMPLEMENTED, /./],
    [
      'a compressed message without an encoding',
      body(framed(gzipSync('{}'), 1)),
      Status.INTERNAL,
      /encoding/,
    ],
    ['an unknown encoding', compressed('br', gzipSync('{}')), Status.INTERNAL, /br/],
    ['broken gzip', compressed('gzip', Buffer.from('nonsense')), Status.INTERNAL, /gzip/],
    [
      'gzip of far more than allowed',
      compressed('gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024))),
      Status.RESOURCE_EXHAUSTED,
      /4194304/,
    ],
    ['a reset: CANCEL', (c, s) => c.reset(s, 8), Status.CANCELLED, /CANCEL/],
    ['a reset: INTERNAL_ERROR', (c, s) => c.reset(s, 2), Status.INTERNAL, /INTERNAL_ERROR/],
    [
      'a reset: ENHANCE_YOUR_CALM',
      (c, s) => c.reset(s, 11),
      Status.RESOURCE_EXHAUSTED,
      /ENHANCE_YOUR_CALM/,
    ],
    ['a reset with a code of its own', (c, s) => c.reset(s, 0xabc), Status.INTERNAL, /2748/],
    ['a cut connection', (c) => c.socket.destroy(), Status.UNAVAILABLE, /connection was/],
  ])('%s', async (_what, answer, code, words) => {
    const error = await failure(answer);
    expect({ code: error.code, details: error.details }).toEqual({
      code,
      details: expect.stringMatching(words),
    });
  });

  // Node stops reading then, and says nothing: not even the end of the connection is heard of.
  it.each<[string, Answer]>([
    ['DATA before HEADERS', (c, s) => c.data(s, REPLY)],
    ['a frame too large', (c, s) => c.send(DATA, 0, s, Buffer.alloc(16_385))],
    ['no HTTP/2 any more', (c) => c.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('%s: keepalive notices', async (_what, answer) => {
    const stub = await stubOf(answer, { keepalive: { time: 50, timeout: 50 } });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringContaining('keepalive'),
    });
  });

  it('what came before a reset is read before the error', async () => {
    const stub = await stubOf((connection, stream) => {
      connection.headers(stream, RESPONSE);
      for (let n = 0; n < 100; n += 1) connection.data(stream, framed(`{"n":${n}}`));
      connection.reset(stream, 2);
    });
    const stream = stub.serverStream({ n: 1 });
    for (let n = 0; n < 100; n += 1) {
      expect(await soon(stream.read(), `message ${n}`)).toEqual({ n });
    }
    expect(await rejection(stream.read())).toMatchObject({ code: Status.INTERNAL });
  });

  it('100 Continue and its like are passed over', async () => {
    const stub = await stubOf((connection, stream) => {
      connection.headers(stream, { ':status': '103' });
      body(REPLY)(connection, stream);
    });
    expect(await soon(stub.unary({ n: 1 }), 'the reply')).toEqual({ n: 1 });
  });

  it('gzip and deflate, message by message', async () => {
    const stub = await stubOf((connection, stream) => {
      connection.headers(stream, { ...RESPONSE, 'grpc-encoding': 'gzip' });
      connection.data(stream, framed('{"n":1}'));
      connection.data(stream, framed(gzipSync('{"n":2}'), 1));
      connection.data(stream, framed('{"n":3}'));
      connection.headers(stream, OK, true);
    });
    const read: unknown[] = [];
    for await (const { n } of stub.serverStream({ n: 1 })) read.push(n);
    expect(read).toEqual([1, 2, 3]);
  });
});
