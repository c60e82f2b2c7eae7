import type { OutgoingHttpHeaders } from 'node:http2';
import {
  callHeaders,
  END_HEADERS,
  END_STREAM,
  FRAME,
  frame,
  grpcMessage,
  hpack,
} from '../../transport/http2/raw-frames.js';
import { fateOf, request } from '../outcome.js';
import type { PerTransport, ServerFault } from '../server-fault.js';

/** What grpc-js does not look at; docs/guide/compatibility.md says so. */
const LET_IN = { grpc: 'OK', http2: 'INTERNAL' };
const IF_LET_IN = { grpc: ['done'], http2: [] };

const UNARY = '/test.Stories/Unary';

function row(
  name: string,
  headers: OutgoingHttpHeaders,
  outcome: PerTransport<string>,
  ends: PerTransport<readonly string[]> = [],
): ServerFault {
  return { name, commit: request(headers), outcome, ends };
}

/** As `row`, with headers that `node:http2` would not send. */
function raw(
  name: string,
  block: Buffer,
  outcome: PerTransport<string>,
  ends: PerTransport<readonly string[]> = [],
): ServerFault {
  return {
    name,
    outcome,
    ends,
    async commit(target) {
      const connection = await target.open();
      connection.send(
        frame(FRAME.headers, END_HEADERS, 1, block),
        frame(FRAME.data, END_STREAM, 1, grpcMessage('{"n":1}')),
      );
      return fateOf(connection);
    },
  };
}

/** What stands for no time must not be taken for one that is over. */
function timeout(value: string, isLetIn = false): ServerFault {
  const [outcome, ends] = isLetIn ? [LET_IN, IF_LET_IN] : ['INTERNAL', []];
  return row(`a grpc-timeout of '${value}'`, { 'grpc-timeout': value }, outcome, ends);
}

/** Request headers that are not gRPC's, that are too many, or that could be taken for others. */
export const headerFaults: readonly ServerFault[] = [
  row('GET', { ':method': 'GET' }, { grpc: 'UNIMPLEMENTED', http2: 'HTTP 405' }),
  row('no content-type', { 'content-type': undefined }, 'HTTP 415'),
  row('the content-type of JSON', { 'content-type': 'application/json' }, 'HTTP 415'),
  row(
    'the content-type of gRPC-Web',
    { 'content-type': 'application/grpc-web' },
    { grpc: 'OK', http2: 'HTTP 415' },
    IF_LET_IN,
  ),
  row('no te', { te: undefined }, LET_IN, IF_LET_IN),
  row('an unknown service', { ':path': '/test.Other/Unary' }, 'UNIMPLEMENTED'),
  row('an unknown method', { ':path': '/test.Stories/Other' }, 'UNIMPLEMENTED'),
  row('__proto__ for a path', { ':path': '/__proto__' }, 'UNIMPLEMENTED'),
  row('__proto__ for a method', { ':path': '/test.Stories/__proto__' }, 'UNIMPLEMENTED'),
  raw('no path', callHeaders(''), 'reset PROTOCOL_ERROR'),
  raw('two paths', callHeaders(UNARY, [[':path', UNARY]]), 'reset PROTOCOL_ERROR'),
  ...['', '1', 'S', '1s', 'Infinity'].map((value) => timeout(value)),
  ...['-1S', '1.5S', '123456789S'].map((value) => timeout(value, true)),
  row('a value of 20 KB', { x: 'x'.repeat(20_000) }, 'RESOURCE_EXHAUSTED'),
  row('metadata of 90 KB', Object.fromEntries(numbered(90, 900)), 'RESOURCE_EXHAUSTED'),
  row('3,000 keys', Object.fromEntries(numbered(3_000, 1)), 'reset ENHANCE_YOUR_CALM'),
  // Node then says GOAWAY and reads no more, not even that the client has gone: keepalive notices.
  {
    ...row('a value of 200 KB', { x: '\\'.repeat(200_000) }, 'reset COMPRESSION_ERROR'),
    options: { keepalive: { time: 100, timeout: 100 } },
  },
  row('a -bin value that is no base64', { 'x-bin': '%%%%' }, LET_IN, IF_LET_IN),
  raw('the key __proto__', callHeaders(UNARY, [['__proto__', 'x']]), 'answered', ['done']),
  raw('a line break in a key', callHeaders(UNARY, [['x\r\ny', 'v']]), 'answered', ['done']),
  raw('a line break in a value', callHeaders(UNARY, [['x', 'a\r\nb: c']]), 'answered', ['done']),
  raw('a zero in a value', callHeaders(UNARY, [['x', 'a\0b']]), 'answered', ['done']),
  raw('capitals in a key', callHeaders(UNARY, [['X-Upper', 'v']]), 'reset PROTOCOL_ERROR'),
  raw('an empty key', callHeaders(UNARY, [['', 'v']]), 'answered', ['done']),
  raw(
    "HTTP/1.1's connection",
    callHeaders(UNARY, [['connection', 'close']]),
    'reset PROTOCOL_ERROR',
  ),
  raw('an unknown pseudo-header', callHeaders(UNARY, [[':x', 'v']]), 'reset PROTOCOL_ERROR'),
  raw('a status instead of a method', hpack([[':status', '200']]), 'reset PROTOCOL_ERROR'),
];

function numbered(count: number, size: number): [string, string][] {
  return Array.from({ length: count }, (_, i) => [`x-${i}`, 'x'.repeat(size)]);
}
