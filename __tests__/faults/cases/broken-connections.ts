import {
  DATA,
  framed,
  GOAWAY,
  PING,
  type RawConnection,
  RESPONSE,
  SETTINGS,
  WINDOW_UPDATE,
} from '../../transport/http2/raw-peer.js';
import type { ClientFault } from '../client-fault.js';
import type { PerTransport } from '../server-fault.js';

const REPLY = framed('{"n":1}');
const LOST = 'UNAVAILABLE';
/** Node ends the connection with an error of its own, which grpc-js hands on. */
const BROKEN = { grpc: 'INTERNAL', http2: LOST };

function row(
  name: string,
  answer: ClientFault['answer'],
  unary: PerTransport<string> = LOST,
  stream = unary,
): ClientFault {
  return { name, answer, unary, stream };
}

/** As `row`, with headers and a message before it: what came is read before the error. */
function midway(name: string, then: ClientFault['answer'], code: string): ClientFault {
  const answer: ClientFault['answer'] = (connection, stream) => {
    connection.headers(stream, RESPONSE);
    connection.data(stream, REPLY);
    // The message first, then the fault: grpc-js drops what is still on its way when an error comes.
    setTimeout(() => then(connection, stream), 50);
  };
  return { name, answer, unary: code, stream: `${code} after 1` };
}

const reset =
  (code: number) =>
  (connection: RawConnection, stream: number): void =>
    connection.reset(stream, code);
const flood =
  (type: number, payload: number) =>
  (connection: RawConnection, stream: number): void => {
    for (let i = 0; i < 20_000; i += 1) connection.send(type, 0, 0, Buffer.alloc(payload));
    connection.reply(stream, { n: 1 });
  };

/** Servers that reset calls, or break the connection in one way or another. */
export const brokenConnections: readonly ClientFault[] = [
  row('a reset: CANCEL', reset(8), 'CANCELLED'),
  row('a reset: INTERNAL_ERROR', reset(2), 'INTERNAL'),
  row('a reset: ENHANCE_YOUR_CALM', reset(11), 'RESOURCE_EXHAUSTED'),
  row('a reset: REFUSED_STREAM, for ever', reset(7)),
  row('a reset with a code that there is not', reset(0xabc), 'INTERNAL'),
  midway('a reset after a message', reset(2), 'INTERNAL'),
  midway(
    'a reset in the middle of a message',
    (connection, stream) => {
      connection.data(stream, REPLY.subarray(0, 8));
      connection.reset(stream, 2);
    },
    'INTERNAL',
  ),
  midway(
    'a TCP reset in the middle of a message',
    (connection, stream) => {
      connection.data(stream, REPLY.subarray(0, 8));
      connection.socket.resetAndDestroy();
    },
    LOST,
  ),
  midway('the end of TCP', ({ socket }) => socket.end(), LOST),
  midway(
    'a GOAWAY with an error, and the end of TCP',
    (connection, stream) => {
      connection.goaway(stream, 2, 'oh');
      connection.socket.end();
    },
    LOST,
  ),
  midway('silence', ({ socket }) => socket.pause(), LOST),
  row(
    'a GOAWAY before a good answer',
    (connection, stream) => {
      connection.goaway(stream, 0);
      connection.reply(stream, { n: 1 });
    },
    'OK',
    'OK after 1',
  ),
  row('the end of TCP instead of an answer', ({ socket }) => socket.end()),
  row('DATA before HEADERS', (connection, stream) => connection.data(stream, REPLY)),
  row('a frame that is too large', (connection, stream) =>
    connection.send(DATA, 0, stream, Buffer.alloc(20_000)),
  ),
  row('no HTTP/2 any more', ({ socket }) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
  row('DATA on a stream that there is not', (connection) => connection.send(DATA, 0, 99, REPLY)),
  row('a ping of 7 bytes', (connection) => connection.send(PING, 0, 0, Buffer.alloc(7))),
  row('a GOAWAY of 3 bytes', (connection) => connection.send(GOAWAY, 0, 0, Buffer.alloc(3))),
  row(
    'a window that grows by 0',
    (connection) => connection.send(WINDOW_UPDATE, 0, 0, Buffer.alloc(4)),
    BROKEN,
  ),
  row(
    'a setting that may not be',
    (connection) => connection.send(SETTINGS, 0, 0, Buffer.from([0, 4, 255, 255, 255, 255])),
    BROKEN,
  ),
  row('a flood of pings', flood(PING, 8), BROKEN),
  row('a flood of settings', flood(SETTINGS, 0), BROKEN),
];
