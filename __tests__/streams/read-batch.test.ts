import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EOF } from '../../lib/streams/eof.js';
import { Inbox } from '../../lib/streams/inbox.js';
import { InboxReadStream } from '../../lib/streams/read-stream.js';
import { GARBLED, TestInbox } from './test-inbox.js';
import { fateOf, turn } from './turn.js';

const failure = new Error('the call failed');

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

/** Lets microtasks run, then all that was due within `ms`. */
async function pass(ms: number): Promise<void> {
  await turn();
  jest.advanceTimersByTime(ms);
  await turn();
}

function arrived(...texts: string[]): TestInbox {
  const test = new TestInbox();
  for (const text of texts) test.arrive(text);
  return test;
}

describe('readBatch(max)', () => {
  it('takes what has arrived, up to max', async () => {
    const { stream } = arrived('a', 'b', 'c');
    expect(await stream.readBatch(2)).toEqual(['a', 'b']);
    expect(await stream.readBatch(2)).toEqual(['c']);
  });

  it('waits for the first, and takes what comes with it', async () => {
    const test = new TestInbox();
    const batch = fateOf(test.stream.readBatch(10));
    await pass(1000);
    expect(batch.state).toBe('pending');
    test.arrive('a');
    await turn();
    test.arrive('b');
    await pass(0);
    expect(batch.value).toEqual(['a', 'b']);
  });

  it('waits no longer than for max', async () => {
    const test = new TestInbox();
    const batch = test.stream.readBatch(2);
    for (const text of ['a', 'b', 'c']) test.arrive(text);
    expect(await batch).toEqual(['a', 'b']);
    expect(await test.stream.read()).toBe('c');
  });

  it('gives what was left at the end, then EOF for ever', async () => {
    const test = arrived('a', 'b', 'c');
    test.inbox.end(EOF);
    expect(await test.stream.readBatch(2)).toEqual(['a', 'b']);
    expect(await test.stream.readBatch(2)).toEqual(['c']);
    expect(await test.stream.readBatch(2)).toBe(EOF);
    expect(await test.stream.readBatch(2, 5)).toBe(EOF);
  });

  it('delivers what came before an error, then the error for ever', async () => {
    const test = arrived('a');
    test.inbox.end(failure);
    expect(await test.stream.readBatch(9)).toEqual(['a']);
    for (let i = 0; i < 2; i += 1) await expect(test.stream.readBatch(9)).rejects.toBe(failure);
  });

  it('can be all that is there', async () => {
    expect(await arrived('a', 'b').stream.readBatch(Infinity)).toEqual(['a', 'b']);
  });

  it('takes a message that is null for a message', async () => {
    const inbox = new Inbox<null>({
      prefetchBytes: 100,
      decode: () => null,
      request: () => {},
      undecodable: () => failure,
    });
    const batch = new InboxReadStream(inbox, () => {}).readBatch(1);
    inbox.push(Buffer.of(1));
    expect(await batch).toEqual([null]);
  });
});

describe('readBatch(max, timeout)', () => {
  it('waits for max or its time, whichever comes first', async () => {
    const test = new TestInbox();
    const full = fateOf(test.stream.readBatch(2, 100));
    test.arrive('a');
    await pass(99);
    expect(full.state).toBe('pending');
    test.arrive('b');
    await turn();
    expect(full.value).toEqual(['a', 'b']);

    const late = fateOf(test.stream.readBatch(2, 100));
    await pass(50);
    test.arrive('c');
    await pass(49);
    expect(late.state).toBe('pending');
    await pass(1);
    expect(late.value).toEqual(['c']);
  });

  it('gives [] if nothing came in time', async () => {
    const batch = fateOf(new TestInbox().stream.readBatch(2, 100));
    await pass(100);
    expect(batch.value).toEqual([]);
  });

  it('polls with 0: at once what is there, else [] after a turn', async () => {
    const test = arrived('a');
    expect(await test.stream.readBatch(2, 0)).toEqual(['a']);
    const nothing = fateOf(test.stream.readBatch(2, 0));
    await turn();
    expect(nothing.state).toBe('pending');
    await pass(0);
    expect(nothing.value).toEqual([]);
  });

  it('waits for all of them with Infinity', async () => {
    const test = new TestInbox();
    const batch = fateOf(test.stream.readBatch(2, Infinity));
    test.arrive('a');
    await pass(1e6);
    expect(batch.state).toBe('pending');
    test.arrive('b');
    await turn();
    expect(batch.value).toEqual(['a', 'b']);
  });

  it('goes on reading though more waits than is prefetched', async () => {
    const test = new TestInbox(10);
    const batch = test.stream.readBatch(4, 100);
    for (const text of ['aaaaaaaa', 'bbbbbbbb', 'cccccccc', 'dddddddd']) test.arrive(text);
    expect(await batch).toHaveLength(4);
    expect(test.asked).toBe(1);
  });

  it('asks for more after its time was over', async () => {
    const test = new TestInbox(6);
    const batch = fateOf(test.stream.readBatch(3, 5));
    test.arrive('aaaa');
    await pass(5);
    expect(batch.value).toEqual(['aaaa']);
    expect(test.asked).toBe(1);
  });

  it('settles with what it has when the stream ends meanwhile', async () => {
    for (const outcome of [EOF, failure] as const) {
      const test = new TestInbox();
      const batch = fateOf(test.stream.readBatch(3, 100));
      const next = fateOf(test.stream.readBatch(3, 100));
      test.arrive('a');
      test.inbox.end(outcome);
      await turn();
      expect(batch.value).toEqual(['a']);
      expect(next.value).toBe(outcome);
    }
  });

  it('gets what it had gathered even when the call is cancelled here', async () => {
    const test = new TestInbox();
    const [batch, next] = [fateOf(test.stream.readBatch(3, 100)), fateOf(test.stream.read())];
    test.arrive('a');
    test.inbox.discard(failure);
    await turn();
    expect(batch).toEqual({ state: 'resolved', value: ['a'] });
    expect(next).toEqual({ state: 'rejected', value: failure });
  });

  it('delivers what came before a message that cannot be decoded', async () => {
    const test = new TestInbox();
    const batch = test.stream.readBatch(3, 100);
    test.arrive('a');
    test.arrive(GARBLED.toString());
    test.arrive('b');
    expect(await batch).toEqual(['a']);
    await expect(test.stream.readBatch(3)).rejects.toBe(test.undecodable);
  });
});

describe('readBatch among others', () => {
  it('has its place in the line: earlier reads are served first, later ones after it', async () => {
    const test = new TestInbox();
    const first = test.stream.read();
    const batch = test.stream.readBatch(2, 100);
    const last = test.stream.read();
    for (const text of ['1', '2', '3', '4']) test.arrive(text);
    expect(await Promise.all([first, batch, last])).toEqual(['1', ['2', '3'], '4']);
  });

  it('leaves what it kept to the next in line when it is aborted', async () => {
    const test = new TestInbox();
    const controller = new AbortController();
    const batch = fateOf(test.stream.readBatch(3, { timeout: 50, signal: controller.signal }));
    const read = test.stream.read();
    for (const text of ['1', '2']) test.arrive(text);
    controller.abort(failure);
    expect(await read).toBe('1');
    expect(batch).toEqual({ state: 'rejected', value: failure });
    expect(await test.stream.read()).toBe('2');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('serves nobody whose signal has aborted, in whatever order they hear of it', async () => {
    const test = new TestInbox();
    const controller = new AbortController();
    const { signal } = controller;
    const reads = [test.stream.readBatch(3, { signal }), test.stream.read({ signal })].map(fateOf);
    test.arrive('kept');
    controller.abort(failure);
    await turn();
    for (const read of reads) expect(read).toEqual({ state: 'rejected', value: failure });
    expect(await test.stream.read()).toBe('kept');
  });

  it('rejects at once when its signal has aborted already', async () => {
    const { stream } = arrived('kept');
    const signal = AbortSignal.abort(failure);
    await expect(stream.readBatch(2, { signal })).rejects.toBe(failure);
    expect(await stream.read()).toBe('kept');
  });
});

describe('what readBatch refuses', () => {
  it.each([0, -1, 1.5, NaN])('a max of %p', async (max) => {
    await expect(arrived('kept').stream.readBatch(max)).rejects.toThrow(
      new RangeError(`readBatch max must be a whole number of messages, 1 or more, got ${max}`),
    );
  });

  it('anything but numbers and options', async () => {
    const { stream } = arrived('kept');
    await expect(stream.readBatch('2' as never)).rejects.toThrow(
      new TypeError("readBatch max must be a number of messages, got '2' (string)"),
    );
    await expect(stream.readBatch(2, 'soon' as never)).rejects.toThrow(
      new TypeError(
        "readBatch takes a timeout in milliseconds or { timeout, signal }, got 'soon' (string)",
      ),
    );
    await expect(stream.readBatch(2, { wait: 5 } as never)).rejects.toThrow(
      new TypeError("readBatch() has no option 'wait'; the options are timeout, signal"),
    );
    await expect(stream.readBatch(2, -1)).rejects.toThrow(
      new RangeError('readBatch timeout must be 0 milliseconds or more, got -1'),
    );
    expect(await stream.read()).toBe('kept');
  });
});

describe('ready', () => {
  it('is true when a read would be answered at once, and consumes nothing', async () => {
    const test = arrived('a');
    expect(await test.stream.ready()).toBe(true);
    expect(await test.stream.ready(0)).toBe(true);
    expect(await test.stream.read()).toBe('a');
    test.inbox.end(failure);
    expect(await test.stream.ready()).toBe(true);
    await expect(test.stream.read()).rejects.toBe(failure);
  });

  it('waits for a message or the end', async () => {
    const test = new TestInbox();
    const ready = test.stream.ready();
    test.arrive('a');
    expect(await ready).toBe(true);
    await test.stream.read();
    const atEnd = test.stream.ready(100);
    test.inbox.end(EOF);
    expect(await atEnd).toBe(true);
  });

  it('is false when the time passes first', async () => {
    const { stream } = new TestInbox();
    const [poll, late] = [fateOf(stream.ready(0)), fateOf(stream.ready(100))];
    await pass(0);
    expect(poll.value).toBe(false);
    await pass(100);
    expect(late.value).toBe(false);
  });

  it('waits on while others take what comes', async () => {
    const test = new TestInbox();
    const ready = fateOf(test.stream.ready());
    const read = test.stream.read();
    const batch = test.stream.readBatch(2, 50);
    test.arrive('1');
    expect(await read).toBe('1');
    test.arrive('2');
    await turn();
    expect(ready.state).toBe('pending');
    test.arrive('3');
    expect(await batch).toEqual(['2', '3']);
    test.arrive('4');
    await turn();
    expect(ready.value).toBe(true);
  });

  it('asks for a message though nothing is prefetched', async () => {
    const test = arrived('0');
    test.inbox.stopPrefetching();
    await test.stream.read();
    test.arrive('1');
    expect(test.asked).toBe(0);
    await test.stream.read();
    const ready = test.stream.ready();
    expect(test.asked).toBe(1);
    test.arrive('2');
    expect(await ready).toBe(true);
    expect(test.asked).toBe(0);
  });

  it('is called off by its signal', async () => {
    const controller = new AbortController();
    const ready = fateOf(new TestInbox().stream.ready({ signal: controller.signal }));
    controller.abort(failure);
    await turn();
    expect(ready).toEqual({ state: 'rejected', value: failure });
    await expect(new TestInbox().stream.ready({ signal: controller.signal })).rejects.toBe(failure);
  });

  it('refuses what is no time', async () => {
    await expect(new TestInbox().stream.ready(NaN)).rejects.toThrow(
      new RangeError('ready timeout must be 0 milliseconds or more, got NaN'),
    );
  });
});
