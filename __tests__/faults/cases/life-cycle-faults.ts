import { Status } from 'tributary';
import {
  atRest,
  collect,
  numbered,
  rejection,
  Stories,
  type StoryStub,
  soon,
  turns,
  within,
} from '../../stories/harness.js';
import {
  END_STREAM,
  FRAME,
  frame,
  grpcMessage,
  type RawConnection,
} from '../../transport/http2/raw-connection.js';
import { nameOf } from '../handler-record.js';
import { fateOf } from '../outcome.js';
import { ANY, type PerTransport, type ServerFault } from '../server-fault.js';
import type { Target } from '../target.js';
import { BIDI, MESSAGE, openCall } from './open-call.js';

const CANCEL = Buffer.from([0, 0, 0, 8]);
const UNARY = '/test.Stories/Unary';

/** A client of hand-built frames leaves; gives whether the connection is still there. */
function leaves(
  name: string,
  leave: (raw: RawConnection, target: Target) => unknown,
  ends: PerTransport<readonly string[]>,
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
const begun = async ({ record }: Target, count = 1): Promise<void> => {
  const begin = async (): Promise<void> => {
    while (record.begun < count) await turns(1);
  };
  await soon(begin(), 'the handler to begin');
};

/** What a client of ours gets that does this. */
function calls(
  name: string,
  call: (stub: StoryStub, target: Target) => Promise<unknown>,
  outcome: string,
  ends: ServerFault['ends'],
  more: Partial<ServerFault> = {},
): ServerFault {
  return {
    name,
    outcome,
    ...(ends && { ends }),
    commit: async (target) => nameOf(await call(target.connect().stub(Stories), target)),
    ...more,
  };
}

/** A handler does what `text` says. */
function handlerThat(text: string, outcome: string, errors: number): ServerFault[] {
  const unary = (stub: StoryStub): Promise<unknown> => rejection(stub.unary({ n: 0, text }));
  const stream = async (stub: StoryStub): Promise<unknown> => {
    const table = stub.serverStream({ n: 1, text });
    await soon(table.read(), 'the first message');
    return rejection(table.read());
  };
  // A foreign exception is noted by its own words.
  const ends = ANY;
  return [
    calls(`handlers that ${text}`, unary, outcome, ends, { errors }),
    calls(`handlers that ${text}, after the first message`, stream, outcome, ends, { errors }),
  ];
}

const TEXT = 'x'.repeat(100_000);

/** Calls that end before their time, on either side. */
export const lifeCycleFaults: readonly ServerFault[] = [
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
      return fateOf(raw);
    },
  },
  calls(
    'a cancel before the start',
    (stub) => rejection(stub.unary({ n: 1 }, { signal: AbortSignal.abort() })),
    'CANCELLED',
    [],
  ),
  calls(
    'a cancel before anything is sent',
    async (stub) => {
      const stream = stub.bidiStream();
      stream.cancel();
      return rejection(stream.read());
    },
    'CANCELLED',
    ANY,
  ),
  calls(
    'a cancel while a write is blocked',
    async (stub, target) => {
      const stream = stub.bidiStream();
      const writing = (async (): Promise<never> => {
        for (let n = 0; ; n += 1) await stream.write({ n, text: TEXT });
      })();
      await begun(target);
      await turns(20);
      stream.cancel();
      return rejection(writing);
    },
    'CANCELLED',
    ['CANCELLED'],
  ),
  calls(
    'a cancel while a read is blocked',
    async (stub, target) => {
      const stream = stub.bidiStream();
      const read = rejection(stream.read());
      await begun(target);
      stream.cancel();
      return read;
    },
    'CANCELLED',
    ['CANCELLED'],
  ),
  calls(
    'a cancel behind a half-close',
    async (stub, target) => {
      const stream = stub.serverStream({ n: -1 });
      await soon(stream.read(), 'the first message');
      await begun(target);
      stream.cancel();
      return rejection(stream.read());
    },
    'CANCELLED',
    ['CANCELLED'],
  ),
  calls(
    '200 cancels that race the trailers',
    async (stub) => {
      const ends = Array.from(numbered(200), async ({ n }) => {
        const stream = stub.serverStream({ n: 1 });
        if (n % 2 === 0) await soon(stream.read(), 'the message');
        await turns(n % 5);
        stream.cancel();
        return (await soon(stream.status(), 'the status')).code;
      });
      const others = (await Promise.all(ends)).filter(
        (code) => code !== 0 && code !== Status.CANCELLED,
      );
      return others.length === 0 ? 'OK or CANCELLED' : others.join();
    },
    'OK or CANCELLED',
    ANY,
  ),
  ...handlerThat('throw at once', 'UNKNOWN', 1),
  ...handlerThat('throw later', 'UNKNOWN', 1),
  ...handlerThat('throw no Error', 'UNKNOWN', 1),
  ...handlerThat('throw nothing', 'UNKNOWN', 1),
  ...handlerThat('throw a status', 'NOT_FOUND', 0),
  calls(
    'a handler that never returns',
    (stub) => rejection(stub.unary({ n: 1, text: 'wait' }, { timeout: 100 })),
    'DEADLINE_EXCEEDED',
    ['DEADLINE_EXCEEDED'],
  ),
  calls(
    'a handler that answers while the client still writes',
    async (stub) => {
      const stream = stub.clientStream();
      await stream.write({ n: 1, text: 'enough' });
      const writing = (async (): Promise<never> => {
        for (let n = 0; ; n += 1) await stream.write({ n, text: TEXT });
      })();
      writing.catch(() => {});
      const reply = await soon(stream.response(), 'the reply');
      await rejection(writing);
      return `${reply.n} and ${(await stream.status()).code}`;
    },
    '1 and 0',
    ['done'],
  ),
  calls(
    'a client that does not read, until the server gives it up',
    async (stub, target) => {
      const stream = stub.serverStream({ n: -1 });
      await soon(stream.read(), 'the first message');
      await atRest(() => process.memoryUsage().external);
      const closed = target.server.close({ grace: 50 });
      await within(3_000, closed, 'the server to close');
      return rejection(collect(stream));
    },
    'UNAVAILABLE',
    ['UNAVAILABLE'],
    { isLast: true },
  ),
  calls(
    'a server that drains, and then is closed by force',
    async (stub, target) => {
      const [kept, good] = [stub.bidiStream(), stub.bidiStream()];
      for (const stream of [kept, good]) {
        await stream.write({ n: 1 });
        await soon(stream.read(), 'the echo');
      }
      const closed = target.server.close({ grace: 300 });
      await good.write({ n: 2 });
      await good.doneWriting();
      if ((await soon(collect(good), 'the end of a stream that drains')).length !== 1)
        return 'lost';
      await within(3_000, closed, 'the server to close');
      return rejection(kept.read());
    },
    'UNAVAILABLE',
    ['UNAVAILABLE', 'EOF'],
    { isLast: true },
  ),
];
