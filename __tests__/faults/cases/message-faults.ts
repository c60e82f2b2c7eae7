import type { OutgoingHttpHeaders } from 'node:http2';
import { deflateSync, gzipSync } from 'node:zlib';
import { grpcMessage } from '../../transport/http2/raw-frames.js';
import { request } from '../outcome.js';
import type { PerTransport, ServerFault } from '../server-fault.js';

const UNARY = '/test.Stories/Unary';
const UPLOAD = '/test.Stories/ClientStream';
const PROTO = '/faults.Proto/Unary';

const GOOD = grpcMessage('{"n":1}');
const GZIPPED = gzipSync('{"n":1}');
const GZIP = { 'grpc-encoding': 'gzip' };
const BOMB = gzipSync(Buffer.alloc(100_000_000));
const MB = 1_000_000;

/** A row whose fault is one request. */
function row(
  name: string,
  path: string,
  body: Uint8Array,
  outcome: PerTransport<string>,
  more: Partial<ServerFault> & { readonly headers?: OutgoingHttpHeaders } = {},
): ServerFault {
  const { headers, ...rest } = more;
  return { name, commit: request({ ':path': path, ...headers }, body), outcome, ...rest };
}

/** Messages that are cut short, too many, too few, too large or in no known form. */
export const messageFaults: readonly ServerFault[] = [
  row('unary: a prefix cut short', UNARY, Buffer.alloc(3), {
    grpc: 'UNIMPLEMENTED',
    http2: 'INTERNAL',
  }),
  row('unary: a prefix alone', UNARY, Buffer.from([0, 0, 0, 0, 9]), {
    grpc: 'UNIMPLEMENTED',
    http2: 'INTERNAL',
  }),
  row('unary: a message cut short', UNARY, GOOD.subarray(0, 9), {
    grpc: 'UNIMPLEMENTED',
    http2: 'INTERNAL',
  }),
  row(
    'unary: a message, then one cut short',
    UNARY,
    Buffer.concat([GOOD, GOOD.subarray(0, 9)]),
    { grpc: 'OK', http2: 'INTERNAL' },
    { ends: { grpc: ['done'], http2: [] } },
  ),
  row(
    'upload: a prefix cut short',
    UPLOAD,
    Buffer.concat([GOOD, Buffer.alloc(3)]),
    { grpc: 'OK', http2: 'INTERNAL' },
    {
      ends: { grpc: ['EOF'], http2: ['CANCELLED'] },
    },
  ),
  row(
    'upload: a message cut short',
    UPLOAD,
    Buffer.concat([GOOD, GOOD.subarray(0, 9)]),
    { grpc: 'OK', http2: 'INTERNAL' },
    { ends: { grpc: ['EOF'], http2: ['CANCELLED'] } },
  ),
  row('unary: no message', UNARY, Buffer.alloc(0), 'UNIMPLEMENTED'),
  row('unary: two messages', UNARY, Buffer.concat([GOOD, GOOD]), 'UNIMPLEMENTED'),
  row('unary: no JSON', UNARY, grpcMessage('{"n":'), 'INTERNAL'),
  row('upload: no JSON', UPLOAD, Buffer.concat([GOOD, grpcMessage('{"n":')]), 'INTERNAL', {
    ends: ['INTERNAL'],
  }),
  row('protobuf: a field cut short', PROTO, grpcMessage(Buffer.from([0x0a, 9, 65])), 'INTERNAL'),
  row(
    'protobuf: a wire type that there is not',
    PROTO,
    grpcMessage(Buffer.from([0x0f])),
    'INTERNAL',
  ),
  row('protobuf: a field of number 0', PROTO, grpcMessage(Buffer.from([0, 1])), 'INTERNAL'),
  row('protobuf: a varint without end', PROTO, grpcMessage(Buffer.alloc(30, 0xff)), 'INTERNAL'),
  row(
    'protobuf: text that is no UTF-8',
    PROTO,
    grpcMessage(Buffer.from([0x0a, 1, 0xff])),
    'INTERNAL',
  ),
  row(
    'a declared size of 4 GiB',
    UNARY,
    Buffer.from([0, 255, 255, 255, 255]),
    'RESOURCE_EXHAUSTED',
    { most: 4 * MB },
  ),
  row(
    'a declared size of a byte over the limit',
    UNARY,
    Buffer.from([0, 0, 0x40, 0, 1]),
    'RESOURCE_EXHAUSTED',
    { most: 4 * MB },
  ),
  row(
    'an upload with a message over the limit',
    UPLOAD,
    Buffer.concat([GOOD, Buffer.from([0, 0, 0x40, 0, 1])]),
    'RESOURCE_EXHAUSTED',
    { ends: ['CANCELLED'] },
  ),
  row('a gzip bomb of 100 MB', UNARY, grpcMessage(BOMB, 1), 'RESOURCE_EXHAUSTED', {
    headers: GZIP,
    most: 10 * MB,
  }),
  row('no gzip', UNARY, grpcMessage('{"n":1}', 1), 'INTERNAL', { headers: GZIP }),
  row('half of a gzip', UNARY, grpcMessage(GZIPPED.subarray(0, 12), 1), 'INTERNAL', {
    headers: GZIP,
  }),
  row('gzip with a wrong checksum', UNARY, grpcMessage(spoiled(GZIPPED), 1), 'INTERNAL', {
    headers: GZIP,
  }),
  row('deflate that says gzip', UNARY, grpcMessage(deflateSync('{"n":1}'), 1), 'INTERNAL', {
    headers: GZIP,
  }),
  row('upload: no gzip', UPLOAD, Buffer.concat([GOOD, grpcMessage('{"n":1}', 1)]), 'INTERNAL', {
    headers: GZIP,
    ends: ['CANCELLED'],
  }),
  row(
    'an unknown encoding',
    UNARY,
    GOOD,
    { grpc: 'OK', http2: 'UNIMPLEMENTED' },
    {
      ends: { grpc: ['done'], http2: [] },
      headers: { 'grpc-encoding': 'snappy' },
    },
  ),
  row('compressed without an encoding', UNARY, grpcMessage(GZIPPED, 1), 'INTERNAL'),
  row(
    'a compressed flag of 2',
    UNARY,
    grpcMessage('{"n":1}', 2),
    { grpc: 'OK', http2: 'INTERNAL' },
    { ends: { grpc: ['done'], http2: [] } },
  ),
];

function spoiled(gzip: Buffer): Buffer {
  const copy = Buffer.from(gzip);
  copy.writeUInt32LE(0, copy.length - 8);
  return copy;
}
