import { soon, turns } from '../../stories/harness.js';
import type { RawConnection, RawFrame } from '../../transport/http2/raw-connection.js';
import { END_STREAM, FRAME, frame, grpcMessage } from '../../transport/http2/raw-frames.js';
import type { ServerFault } from '../server-fault.js';
import type { Target } from '../target.js';
import { BIDI, begun, MESSAGE, openCall } from './open-call.js';

const CANCEL = Buffer.from([0, 0, 0, 8]);
const UNARY = '/test.Stories/Unary';

/** A client of hand-built frames leaves. */
function leaves(
  name: string,
  leave: (raw: RawConnection, target: Target) => unknown,
  ends: readonly string[],
): ServerFault {
  return {
    name,
    ends,
    outcome: 'the handlers are told',
    async commit(target) {
      const raw = await target.open();
      await leave(raw, target);
      const told = async (): Promise<void> => {
        while (target.record.running > 0) await turns(1);
      };
      await soon(told(), 'the handlers to be told');
      return 'the handlers are told';
    },
  };
}

const reset = (stream: number): Buffer => frame(FRAME.reset, 0, stream, CANCEL);

/** Clients that reset a call, or lose their connection, at one moment or another. */
export const leavingClients: readonly ServerFault[] = [
  leaves(
    'a reset right behind the headers',
    async (raw, target) => {
      raw.call(1, BIDI);
      await begun(target);
      raw.send(reset(1));
    },
    ['CANCELLED'],
  ),
  leaves(
    'a reset in the middle of a message',
    async (raw, target) => {
      raw.call(1, BIDI);
      raw.send(frame(FRAME.data, 0, 1, MESSAGE.subarray(0, 9)));
      await begun(target);
      raw.send(reset(1));
    },
    ['CANCELLED'],
  ),
  leaves(
    'a reset behind a message',
    async (raw, target) => {
      raw.call(1, BIDI);
      raw.send(frame(FRAME.data, 0, 1, MESSAGE));
      await raw.next(({ type }) => type === FRAME.data, 'the echo');
      raw.send(reset(1));
      await begun(target);
    },
    ['CANCELLED'],
  ),
  leaves(
    'a reset of a call that is being answered',
    async (raw, target) => {
      raw.call(1, UNARY);
      raw.send(frame(FRAME.data, END_STREAM, 1, grpcMessage('{"n":1,"text":"wait"}')));
      await begun(target);
      raw.send(reset(1));
    },
    ['CANCELLED'],
  ),
  leaves(
    'a half-close with a reset right behind it',
    async (raw, target) => {
      raw.call(1, BIDI);
      raw.send(frame(FRAME.data, 0, 1, MESSAGE));
      await raw.next(({ type }) => type === FRAME.data, 'the echo');
      raw.send(frame(FRAME.data, END_STREAM, 1), reset(1));
      await begun(target);
    },
    ['CANCELLED'],
  ),
  leaves(
    'a TCP reset in the middle of a message',
    async (raw, target) => {
      raw.call(1, BIDI);
      raw.send(frame(FRAME.data, 0, 1, MESSAGE.subarray(0, 9)));
      await begun(target);
      raw.socket.resetAndDestroy();
    },
    ['UNAVAILABLE'],
  ),
  leaves(
    'the end of TCP in the middle of a message',
    async (raw, target) => {
      raw.call(1, BIDI);
      raw.send(frame(FRAME.data, 0, 1, MESSAGE.subarray(0, 9)));
      await begun(target);
      raw.socket.end();
    },
    ['UNAVAILABLE'],
  ),
  leaves(
    'the end of TCP in the middle of a frame',
    async (raw, target) => {
      raw.call(1, BIDI);
      await begun(target);
      raw.send(frame(FRAME.data, 0, 1, MESSAGE).subarray(0, 12));
      raw.socket.end();
    },
    ['UNAVAILABLE'],
  ),
  {
    name: "a client's GOAWAY in the middle of a call, which then ends well",
    outcome: 'answered',
    ends: ['EOF'],
    async commit(target) {
      const raw = await openCall(target);
      raw.send(frame(FRAME.goaway, 0, 0, Buffer.alloc(8)));
      raw.send(frame(FRAME.data, END_STREAM, 1, MESSAGE));
      const isEnd = ({ type, flags }: RawFrame): boolean =>
        type === FRAME.headers && flags % 2 === 1;
      await raw.next(isEnd, 'the status');
      return 'answered';
    },
  },
];
