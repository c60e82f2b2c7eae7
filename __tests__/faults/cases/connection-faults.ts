import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { soon } from '../../stories/harness.js';
import {
  callHeaders,
  END_HEADERS,
  END_STREAM,
  FRAME,
  frame,
  hpack,
} from '../../transport/http2/raw-frames.js';
import { fateOf } from '../outcome.js';
import { ANY, type ServerFault } from '../server-fault.js';
import type { Target } from '../target.js';
import { BIDI, MESSAGE, openCall } from './open-call.js';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const PATIENT = { handshakeTimeout: 60_000 };
const HASTY = { handshakeTimeout: 100 };

/** Connections that say this, or nothing, instead of HTTP/2. */
function noHttp2(name: string, words: string, options = PATIENT, count = 1): ServerFault {
  return {
    name,
    options,
    outcome: 'closed without a word',
    async commit(target) {
      const sockets = Array.from({ length: count }, () => bare(target));
      for (const socket of sockets) socket.write(words, 'latin1');
      await Promise.all(sockets.map(closed));
      const said = sockets.some(({ bytesRead }) => bytesRead > 0);
      return said ? 'closed with an answer' : 'closed without a word';
    },
  };
}

function bare({ address, over }: Target): Socket {
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  over(() => socket.destroy());
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return soon(
    new Promise<void>((resolve) => socket.once('close', () => resolve())),
    'the server to close the connection',
  );
}

const slowloris: ServerFault = {
  name: 'slowloris: a preface byte by byte',
  options: HASTY,
  outcome: 'closed in the middle of it',
  async commit(target) {
    const socket = bare(target);
    let sent = 0;
    const drip = setInterval(() => {
      if (sent < PREFACE.length - 1) socket.write(PREFACE.charAt(sent));
      sent += 1;
    }, 20);
    target.over(() => clearInterval(drip));
    await closed(socket);
    clearInterval(drip);
    return sent < PREFACE.length - 1 ? 'closed in the middle of it' : 'closed after it';
  },
};

/** Frames that the specification of HTTP/2 forbids, on a connection with an open call, stream 1. */
function forbidden(
  name: string,
  frames: readonly Buffer[],
  outcome: string,
  ends: NonNullable<ServerFault['ends']> = ['UNAVAILABLE'],
): ServerFault {
  return {
    name,
    outcome,
    ends,
    async commit(target) {
      const raw = await openCall(target);
      raw.send(...frames);
      // What ends the connection may end the stream first.
      return fateOf(raw, outcome === 'closed' ? 0 : 1);
    },
  };
}

/** As `forbidden`; Node says GOAWAY and reads no more, and what closes the connection is keepalive. */
function goodbye(
  name: string,
  frames: readonly Buffer[],
  code: number,
  ends = ['UNAVAILABLE'],
): ServerFault {
  return {
    name,
    outcome: `GOAWAY ${code}`,
    ends,
    options: { keepalive: { time: 400, timeout: 100 } },
    async commit(target) {
      const raw = await openCall(target);
      raw.send(...frames);
      const goaway = await raw.goaway();
      await soon(raw.closed, 'keepalive to close the connection');
      return `GOAWAY ${goaway.code}`;
    },
  };
}

const HEADERS = callHeaders(BIDI);
const opens = (stream: number, block = HEADERS): Buffer =>
  frame(FRAME.headers, END_HEADERS, stream, block);
const number32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const window = (stream: number, more: number): Buffer =>
  frame(FRAME.windowUpdate, 0, stream, number32(more));
const PUSH_PROMISE = 5;

const [PROTOCOL_ERROR, STREAM_CLOSED, FRAME_SIZE_ERROR, COMPRESSION_ERROR] = [1, 5, 6, 9];

// A handler of a stream that is reset may hear of that or, as this connection closes right behind, of the loss.

/** What is no HTTP/2, or what HTTP/2 forbids. */
export const connectionFaults: readonly ServerFault[] = [
  noHttp2('HTTP/1.1', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
  noHttp2('HTTP/1.1 that asks to upgrade', 'PRI / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n'),
  noHttp2('random bytes', `\x80${randomBytes(2_000).toString('latin1')}`),
  noHttp2('70,000 zeros', '\0'.repeat(70_000)),
  noHttp2('a preface that goes wrong at its end', PREFACE.replace('SM\r\n\r\n', 'SM\r\n\n')),
  noHttp2('silence', '', HASTY),
  noHttp2('a hundred half handshakes', 'PRI * HT', HASTY, 100),
  slowloris,
  goodbye('DATA on stream 0', [frame(FRAME.data, 0, 0, MESSAGE)], PROTOCOL_ERROR),
  goodbye('DATA on a stream that is not open', [frame(FRAME.data, 0, 5, MESSAGE)], PROTOCOL_ERROR),
  forbidden(
    'a reset of a stream that is not open',
    [frame(FRAME.reset, 0, 5, number32(8))],
    'closed',
  ),
  forbidden('a stream with an even number', [opens(2)], 'closed'),
  // Node passes it over.
  forbidden(
    'a stream below the last',
    [opens(7), opens(5), frame(FRAME.data, END_STREAM, 1)],
    'answered',
    ['EOF', 'UNAVAILABLE'],
  ),
  forbidden(
    'PUSH_PROMISE from a client',
    [frame(PUSH_PROMISE, 4, 1, Buffer.concat([number32(2), HEADERS]))],
    'closed',
  ),
  forbidden('a window that grows by 0', [window(1, 0)], 'closed'),
  forbidden('a window beyond 2³¹', [window(1, 2 ** 31 - 1)], 'reset FLOW_CONTROL_ERROR', ANY),
  forbidden("a connection's window beyond 2³¹", [window(0, 2 ** 31 - 1)], 'closed'),
  goodbye(
    'a frame that is too large',
    [frame(FRAME.data, 0, 1, Buffer.alloc(20_000))],
    FRAME_SIZE_ERROR,
  ),
  goodbye('a ping of 7 bytes', [frame(FRAME.ping, 0, 0, Buffer.alloc(7))], FRAME_SIZE_ERROR),
  forbidden(
    'a setting that may not be',
    [frame(FRAME.settings, 0, 0, Buffer.from([0, 4, 255, 255, 255, 255]))],
    'closed',
  ),
  goodbye(
    'headers that are no HPACK',
    [opens(3, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))],
    COMPRESSION_ERROR,
  ),
  goodbye(
    'headers cut short by a ping',
    [frame(FRAME.headers, 0, 3, HEADERS), frame(FRAME.ping, 0, 0, Buffer.alloc(8))],
    PROTOCOL_ERROR,
  ),
  forbidden(
    'second headers that end nothing',
    [opens(1, hpack([['x', 'y']]))],
    'reset PROTOCOL_ERROR',
    ANY,
  ),
  goodbye(
    'DATA after END_STREAM',
    [frame(FRAME.data, END_STREAM, 1), frame(FRAME.data, 0, 1, MESSAGE)],
    STREAM_CLOSED,
    ['EOF'],
  ),
  forbidden(
    'a frame of an unknown type, then the end',
    [frame(0xfa, 0, 1, MESSAGE), frame(FRAME.data, END_STREAM, 1)],
    'answered',
    ['EOF'],
  ),
];
