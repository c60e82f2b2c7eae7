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
import { nameOf } from '../handler-record.js';
import { ANY, type ServerFault } from '../server-fault.js';
import type { Target } from '../target.js';
import { begun } from './open-call.js';

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
    commit: async (target) => {
      const result = await call(target.connect().stub(Stories), target);
      return typeof result === 'string' ? result : nameOf(result);
    },
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

/** Calls that a client of ours cancels, and handlers and servers that end them. */
export const lifeCycleFaults: readonly ServerFault[] = [
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
      await within(15_000, closed, 'the server to close');
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
      await within(15_000, closed, 'the server to close');
      return rejection(kept.read());
    },
    'UNAVAILABLE',
    ['UNAVAILABLE', 'EOF'],
    { isLast: true },
  ),
];
