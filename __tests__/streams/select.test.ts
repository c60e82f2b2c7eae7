import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RpcError } from '../../lib/status/rpc-error.js';
import { EOF } from '../../lib/streams/eof.js';
import { Inbox } from '../../lib/streams/inbox.js';
import type { ReadOptions } from '../../lib/streams/read-options.js';
import { InboxReadStream, type ReadStream } from '../../lib/streams/read-stream.js';
import { select } from '../../lib/streams/select.js';
import { TestInbox } from './test-inbox.js';
import { fateOf, turn } from './turn.js';

const failure = new RpcError(14, 'gone');
/** Many short runs: what a slow, busy machine may take for them, in milliseconds. */
const LONG = 60_000;

function arrived(...texts: string[]): TestInbox {
  const test = new TestInbox();
  for (const text of texts) test.arrive(text);
  return test;
}

/** What an interceptor might put around a stream: it delegates, and takes a few steps to do so. */
function wrap(stream: ReadStream<string>, steps = 0): ReadStream<string> {
  const slowly = async (): Promise<void> => {
    for (let i = 0; i < steps; i += 1) await Promise.resolve();
  };
  return {
    read: async (limit?: number | ReadOptions) => {
      await slowly();
      const message = await stream.read(limit as number);
      return typeof message === 'string' ? `<${message}>` : (message as EOF);
    },
    ready: async (limit) => {
      await slowly();
      return stream.ready(limit);
    },
    readBatch: (max, limit) => stream.readBatch(max, limit),
    values: (options) => stream.values(options),
    forEach: (fn, options) => stream.forEach(fn, options),
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
  };
}

describe('select', () => {
  it('reads the stream that has something, and none of the others', async () => {
    const [a, b] = [new TestInbox(), arrived('from b')];
    const found = await select([a.stream, b.stream]);
    expect(found).toEqual({ stream: b.stream, index: 1, message: 'from b' });
    a.arrive('kept');
    expect(await a.stream.read()).toBe('kept');
  });

  it('waits for the first of them', async () => {
    const [a, b] = [new TestInbox(), new TestInbox()];
    const found = fateOf(select([a.stream, b.stream]));
    await turn();
    expect(found.state).toBe('pending');
    b.arrive('1');
    await turn();
    a.arrive('kept');
    expect(found.value).toMatchObject({ index: 1, message: '1' });
    expect(await a.stream.read()).toBe('kept');
  });

  it('gives null when the time passes first, and loses nothing then', async () => {
    const [a, b] = [new TestInbox(), new TestInbox()];
    expect(await select([a.stream, b.stream], 5)).toBeNull();
    expect(await select([a.stream, b.stream], 0)).toBeNull();
    a.arrive('late');
    expect(await select([a.stream, b.stream], 0)).toMatchObject({ index: 0, message: 'late' });
  });

  it('says which stream has ended, and which has failed with what', async () => {
    const [a, b, c] = [new TestInbox(), new TestInbox(), arrived('still here')];
    const streams = [a.stream, b.stream, c.stream] as const;
    a.inbox.end(EOF);
    b.inbox.end(failure);
    expect(await select(streams)).toMatchObject({ index: 0, message: EOF });
    expect(await select(streams)).toEqual({ stream: b.stream, index: 1, error: failure });
    expect(await select(streams)).toMatchObject({ index: 2, message: 'still here' });
    expect(await select([a.stream, b.stream], 5)).toMatchObject({ index: 0, message: EOF });
  });

  it('takes turns among streams that are always ready, in whatever order they are given', async () => {
    const texts = ['1', '2', '3', '4'];
    const [a, b, c] = [arrived(...texts), arrived(...texts), arrived(...texts)];
    const seen: unknown[] = [];
    for (let i = 0; i < 12; i += 1) {
      const streams = [a.stream, b.stream, c.stream];
      if (i % 2 === 1) streams.reverse();
      const { stream } = await select(streams);
      seen.push([a.stream, b.stream, c.stream].indexOf(stream as typeof a.stream));
    }
    for (let i = 0; i < 12; i += 3) {
      expect(seen.slice(i, i + 3).toSorted()).toEqual([0, 1, 2]);
    }
  });

  it('starves no wrapper that needs longer to say that it is ready', async () => {
    const busy = new TestInbox(1e9);
    const quiet = arrived('at last');
    for (let i = 0; i < 100; i += 1) busy.arrive(String(i));
    const streams = [busy.stream, wrap(quiet.stream, 20)];
    let count = 0;
    while ((await select(streams)).index === 0) count += 1;
    expect(count).toBeLessThan(40);
  });

  it('works on wrappers, which read as they do', async () => {
    const test = arrived('a');
    const wrapped = wrap(test.stream, 3);
    expect(await select([new TestInbox().stream, wrapped])).toMatchObject({ message: '<a>' });
    test.inbox.end(failure);
    expect(await select([wrapped], 5)).toMatchObject({ index: 0, error: failure });
  });

  it('reads a stream that cannot say whether it is ready, to learn why', async () => {
    const lost: ReadStream<string> = {
      ...wrap(new TestInbox().stream),
      ready: () => Promise.reject(new Error('lost')),
      read: () => Promise.reject<never>(failure),
    };
    expect(await select([new TestInbox().stream, lost])).toMatchObject({ error: failure });
  });

  it('takes a message that is null for a message', async () => {
    const inbox = new Inbox<null>({
      prefetchBytes: 100,
      decode: () => null,
      request: () => {},
      undecodable: () => failure,
    });
    inbox.push(Buffer.of(1));
    const stream = new InboxReadStream(inbox, () => {});
    expect(await select([stream], 5)).toEqual({ stream, index: 0, message: null });
  });

  it('goes on waiting when another reader was faster', async () => {
    const test = new TestInbox();
    const found = fateOf(select([test.stream], 10_000));
    await turn();
    test.arrive('taken');
    const stolen = test.stream.read();
    await turn();
    expect(await stolen).toBe('taken');
    await turn();
    expect(found.state).toBe('pending');
    test.arrive('next');
    await turn();
    expect(found.value).toMatchObject({ message: 'next' });
  });

  it('is called off by its signal, and leaves no listener behind', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const test = new TestInbox();
    const found = fateOf(select([test.stream], { signal }));
    await turn();
    controller.abort(failure);
    await turn();
    expect(found).toEqual({ state: 'rejected', value: failure });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await expect(select([test.stream], { signal })).rejects.toBe(failure);
    test.arrive('kept');
    expect(await test.stream.read()).toBe('kept');
  });

  it('refuses what is no list of streams, and what is no time', async () => {
    const { stream } = new TestInbox();
    await expect(select(stream as never)).rejects.toThrow(
      new TypeError('select takes an array of ReadStreams, got an InboxReadStream'),
    );
    await expect(select([])).rejects.toThrow(
      new RangeError('select takes one stream or more, got none'),
    );
    await expect(select([stream, {} as never])).rejects.toThrow(
      new TypeError('select stream 1 must be a ReadStream, got {} without read()'),
    );
    await expect(select([stream], '5' as never)).rejects.toThrow(/^select takes a timeout in /);
  });

  it(
    'loses and doubles nothing, whoever selects and reads beside it',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ to: fc.nat({ max: 2 }), wait: fc.boolean() }), { maxLength: 40 }),
          fc.array(fc.constantFrom(undefined, 0, 1), { minLength: 1, maxLength: 8 }),
          fc.integer({ min: 1, max: 3 }),
          fc.boolean(),
          async (arrivals, limits, selectors, reads) => {
            const inboxes = [new TestInbox(), new TestInbox(), new TestInbox()];
            const streams = inboxes.map(({ stream }, i) => (i === 1 ? wrap(stream, 5) : stream));
            const seen: string[][] = [];
            const selecting = async (): Promise<void> => {
              const left = [...streams];
              const mine: string[] = [];
              seen.push(mine);
              for (let i = 0; left.length > 0; i += 1) {
                const limit = limits[i % limits.length];
                const found = await select(left, limit === undefined ? {} : limit);
                if (found === null) continue;
                if (found.message === EOF) left.splice(found.index, 1);
                else mine.push(found.message as string);
              }
            };
            const reading = async (): Promise<void> => {
              const mine: string[] = [];
              seen.push(mine);
              for await (const text of inboxes[0]!.stream) mine.push(text);
            };
            const all = Array.from({ length: selectors }, selecting);
            if (reads) all.push(reading());
            for (const [i, { to, wait }] of arrivals.entries()) {
              inboxes[to]!.arrive(`${i}`);
              if (wait) await turn();
            }
            for (const { inbox } of inboxes) inbox.end(EOF);
            await Promise.all(all);
            const numbers = seen.flat().map((text) => Number(text.replace(/[<>]/g, '')));
            expect(numbers.toSorted((a, b) => a - b)).toEqual(arrivals.map((_, i) => i));
          },
        ),
        { numRuns: 100 },
      );
    },
    LONG,
  );
});
