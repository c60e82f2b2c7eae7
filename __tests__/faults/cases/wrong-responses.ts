import { deflateSync, gzipSync } from 'node:zlib';
import {
  type Answer,
  body,
  compressed,
  headersOnly,
  REPLY,
} from '../../transport/http2/raw-answers.js';
import { framed, type RawConnection, RESPONSE } from '../../transport/http2/raw-peer.js';
import type { ClientFault } from '../client-fault.js';
import type { PerTransport } from '../server-fault.js';

const OK = { 'grpc-status': '0' };
const GZIPPED = gzipSync('{"n":1}');
const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024));
/** gRPC's description of compression says INTERNAL. */
const NO_ENCODING = { grpc: 'UNIMPLEMENTED', http2: 'INTERNAL' };
const MB = 1_000_000;

function row(
  name: string,
  answer: Answer,
  unary: PerTransport<string>,
  stream: PerTransport<string> = unary,
  most?: number,
): ClientFault {
  return { name, answer, unary, stream, ...(most !== undefined && { most }) };
}

const ended =
  (trailers: Readonly<Record<string, string>>): Answer =>
  (connection, stream) => {
    connection.headers(stream, RESPONSE);
    connection.data(stream, REPLY);
    connection.headers(stream, trailers, true);
  };

function html(connection: RawConnection, stream: number): void {
  connection.headers(stream, { ':status': '503', 'content-type': 'text/html' });
  connection.data(stream, Buffer.from('<h1>not now</h1>'), true);
}

/** Answers that are not gRPC's, that are cut short, too many, too few or too large. */
export const wrongResponses: readonly ClientFault[] = [
  row('no message', body(), 'UNIMPLEMENTED', 'OK after 0'),
  row('two messages', body(REPLY, REPLY), 'UNIMPLEMENTED', 'OK after 2'),
  row(
    'a prefix cut short',
    body(REPLY, Buffer.alloc(3)),
    { grpc: 'OK', http2: 'INTERNAL' },
    { grpc: 'OK after 1', http2: 'INTERNAL after 1' },
  ),
  row(
    'a message cut short',
    body(REPLY, REPLY.subarray(0, 9)),
    { grpc: 'OK', http2: 'INTERNAL' },
    { grpc: 'OK after 1', http2: 'INTERNAL after 1' },
  ),
  row('no JSON', body(REPLY, framed('{"n":')), 'UNIMPLEMENTED', 'INTERNAL after 1'),
  row(
    'a declared size of 4 GiB',
    body(Buffer.from([0, 255, 255, 255, 255])),
    'RESOURCE_EXHAUSTED',
    'RESOURCE_EXHAUSTED',
    4 * MB,
  ),
  row(
    'a gzip bomb of 64 MB',
    compressed('gzip', BOMB),
    'RESOURCE_EXHAUSTED',
    'RESOURCE_EXHAUSTED',
    10 * MB,
  ),
  row('no gzip', compressed('gzip', Buffer.from('nonsense')), 'INTERNAL'),
  row('half of a gzip', compressed('gzip', GZIPPED.subarray(0, 12)), 'INTERNAL'),
  row('deflate that says gzip', compressed('gzip', deflateSync('{"n":1}')), 'INTERNAL'),
  row('an unknown encoding', compressed('snappy', GZIPPED), NO_ENCODING),
  row('compressed without an encoding', body(framed(GZIPPED, 1)), NO_ENCODING),
  row(
    'a compressed flag of 2',
    body(framed('{"n":1}', 2)),
    { grpc: 'OK', http2: 'INTERNAL' },
    { grpc: 'OK after 1', http2: 'INTERNAL' },
  ),
  row('grpc-status 99', headersOnly({ ...RESPONSE, 'grpc-status': '99' }), 'UNKNOWN'),
  row('grpc-status OK, in letters', headersOnly({ ...RESPONSE, 'grpc-status': 'OK' }), 'UNKNOWN'),
  row('a negative grpc-status', headersOnly({ ...RESPONSE, 'grpc-status': '-1' }), 'UNKNOWN'),
  row('trailers without grpc-status', ended({ 'some-key': 'x' }), 'UNKNOWN', 'UNKNOWN after 1'),
  row(
    'a grpc-message that is no percent-encoding',
    ended({ 'grpc-status': '5', 'grpc-message': '%E0%A4%A' }),
    'NOT_FOUND',
    'NOT_FOUND after 1',
  ),
  row(
    'trailers with bytes that are no base64',
    ended({ ...OK, 'x-bin': '%%%%' }),
    'OK',
    'OK after 1',
  ),
  row(
    'an end without trailers',
    (connection, stream) => {
      connection.headers(stream, RESPONSE);
      connection.data(stream, REPLY, true);
    },
    { grpc: 'INTERNAL', http2: 'UNKNOWN' },
    { grpc: 'INTERNAL after 1', http2: 'UNKNOWN after 1' },
  ),
  row('HTTP 503 with HTML', html, 'UNAVAILABLE'),
  row('HTTP 404', headersOnly({ ':status': '404' }), 'UNIMPLEMENTED'),
  row('HTTP 401', headersOnly({ ':status': '401' }), 'UNAUTHENTICATED'),
  row(
    'the content-type of JSON',
    headersOnly({ ':status': '200', 'content-type': 'application/json' }),
    'UNKNOWN',
  ),
  row(
    'headers of 200 KB',
    headersOnly({ ...RESPONSE, ...OK, x: 'x'.repeat(200_000) }),
    'UNAVAILABLE',
  ),
  row('a key in capitals', headersOnly({ ...RESPONSE, ...OK, 'X-Upper': 'v' }), 'INTERNAL'),
  row(
    'a line break in a value',
    headersOnly({ ...RESPONSE, 'grpc-status': '5', x: 'a\r\nb: c' }),
    'NOT_FOUND',
  ),
];
