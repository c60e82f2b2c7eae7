import { atRest, soon, turns } from '../../stories/harness.js';
import type { RawConnection } from '../../transport/http2/raw-connection.js';
import {
  callHeaders,
  END_STREAM,
  FRAME,
  frame,
  grpcMessage,
} from '../../transport/http2/raw-frames.js';
import { fateOf } from '../outcome.js';
import { ANY, type PerTransport, type ServerFault } from '../server-fault.js';
import type { Target } from '../target.js';
import { BIDI, openCall } from './open-call.js';

const CANCEL = Buffer.from([0, 0, 0, 8]);
const PING = frame(FRAME.ping, 0, 0, Buffer.alloc(8));
const PRIORITY = 2;
const MB = 1_000_000;

/** A connection with an open call that sends far too much of something. */
function flood(
  name: string,
  send: (raw: RawConnection) => unknown,
  outcome: PerTransport<string>,
  ends: PerTransport<readonly string[]> = ['UNAVAILABLE'],
): ServerFault {
  return {
    name,
    outcome,
    ends,
    most: 20 * MB,
    async commit(target) {
      const raw = await openCall(target);
      await send(raw);
      return fateOf(raw);
    },
  };
}

/** As many calls as there may be, each given up at once. */
async function rapidReset(target: Target): Promise<string> {
  const raw = await target.open();
  for (let stream = 1; stream < 6_000 && !raw.socket.destroyed; stream += 2) {
    raw.call(stream, BIDI);
    raw.send(frame(FRAME.reset, 0, stream, CANCEL));
    if (stream % 100 === 1) await turns(1);
  }
  await soon(raw.closed, 'the connection to be closed');
  return target.record.begun < 1_100 ? 'closed' : `closed after ${target.record.begun} calls`;
}

/** What is asked for and never taken; the initial window of a stream says how much is. */
function noReader(name: string, window: number): ServerFault {
  const calls = 20;
  return {
    name,
    outcome: 'the writers wait',
    ends: Array<string>(calls).fill('UNAVAILABLE'),
    most: calls * MB,
    async commit(target) {
      const settings = Buffer.from([0, 4, 0, 0, 0, window]);
      const raw = await target.open(settings);
      for (let i = 0; i < calls; i += 1) {
        raw.call(i * 2 + 1, '/test.Stories/ServerStream');
        raw.send(frame(FRAME.data, END_STREAM, i * 2 + 1, grpcMessage('{"n":-1}')));
      }
      const sent = await atRest(() => raw.socket.bytesRead);
      return sent < MB ? 'the writers wait' : `${sent} bytes were sent`;
    },
  };
}

/** What costs a client little, and would cost a server much. */
export const floods: readonly ServerFault[] = [
  flood('pings', (raw) => raw.send(...Array<Buffer>(50_000).fill(PING)), 'closed'),
  flood(
    'settings',
    (raw) => raw.send(...Array<Buffer>(20_000).fill(frame(FRAME.settings, 0, 0))),
    'closed',
  ),
  flood(
    'empty DATA frames',
    (raw) => raw.send(...Array<Buffer>(20_000).fill(frame(FRAME.data, 0, 1))),
    'closed',
  ),
  flood(
    'CONTINUATION frames',
    (raw) => {
      raw.send(frame(FRAME.headers, 0, 3, callHeaders(BIDI)));
      for (let i = 0; i < 1_000; i += 1)
        raw.send(frame(FRAME.continuation, 0, 3, Buffer.alloc(1_000, 0x82)));
    },
    'closed',
  ),
  flood(
    'priorities, and then a good end',
    (raw) => {
      raw.send(...Array<Buffer>(20_000).fill(frame(PRIORITY, 0, 1, Buffer.from([0, 0, 0, 0, 1]))));
      raw.send(frame(FRAME.data, END_STREAM, 1));
    },
    'answered',
    ['EOF'],
  ),
  {
    name: 'calls that are reset at once',
    outcome: 'closed',
    ends: ANY,
    // grpc-js leaves it at a GOAWAY, and reads no more: keepalive notices.
    options: { keepalive: { time: 100, timeout: 100 } },
    most: 20 * MB,
    commit: rapidReset,
  },
  noReader('a client without a window', 0),
  noReader('a client with a window of a byte', 1),
];
