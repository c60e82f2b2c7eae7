import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EOF } from '../../lib/streams/eof.js';
import type { Outcome } from '../../lib/streams/inbox.js';
import { TestInbox } from './test-inbox.js';
import { fateOf, turn } from './turn.js';

const failure = new Error('the call failed');
const OUTCOMES: Outcome[] = [EOF, failure];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('read()', () => {
  it('gives what waits, or waits for what comes', async () => {
    const test = new TestInbox();
    test.arrive('waits');
    expect(await test.stream.read()).toBe('waits');
    const read = test.stream.read();
    test.arrive('comes');
    expect(await read).toBe('comes');
  });

  it('answers concurrent reads first come, first served, whatever their kind', async () => {
    const test = new TestInbox();
    const loop = test.stream.values();
    const reads = [
      test.stream.read(),
      test.stream.read(100),
      test.stream.read({ signal: new AbortController().signal }),
      loop.next(),
      test.stream.read(Infinity),
    ];
    for (const text of ['1', '2', '3', '4', '5']) test.arrive(text);
    expect(await Promise.all(reads)).toEqual(['1', '2', '3', { value: '4', done: false }, '5']);
  });
});

describe('read(timeout)', () => {
  it('gives null when the time is over, and not before', async () => {
    const test = new TestInbox();
    const fate = fateOf(test.stream.read(100));
    jest.advanceTimersByTime(99);
    await turn();
    expect(fate.state).toBe('pending');
    jest.advanceTimersByTime(1);
    await turn();
    expect(fate).toEqual({ state: 'resolved', value: null });
  });

  it('consumes nothing when it times out: the late message is the next read’s', async () => {
    const test = new TestInbox();
    const read = test.stream.read(5);
    jest.advanceTimersByTime(5);
    test.arrive('late');
    expect(await read).toBeNull();
    expect(await test.stream.read(5)).toBe('late');
  });

  it('passes a message on to the reader behind one whose time is over', async () => {
    const test = new TestInbox();
    const first = test.stream.read(5);
    const second = test.stream.read();
    jest.advanceTimersByTime(5);
    test.arrive('message');
    expect(await Promise.all([first, second])).toEqual([null, 'message']);
  });

  it('gives a message that waits even when there is no time', async () => {
    const test = new TestInbox();
    test.arrive('here');
    expect(await test.stream.read(0)).toBe('here');
  });

  it('tells EOF and failure from a lapse of time', async () => {
    for (const outcome of OUTCOMES) {
      const test = new TestInbox();
      const fates = [test.stream.read(0), test.stream.read(50)].map(fateOf);
      test.inbox.end(outcome);
      jest.advanceTimersByTime(50);
      await turn();
      for (const { value } of fates) expect(value).toBe(outcome);
    }
  });

  it('clears its timer when a message or the end comes first', async () => {
    const test = new TestInbox();
    void test.stream.read(1000);
    void test.stream.read(0);
    void test.stream.read(2 ** 40);
    expect(jest.getTimerCount()).toBe(3);
    test.arrive('a');
    expect(jest.getTimerCount()).toBe(2);
    test.arrive('b');
    expect(jest.getTimerCount()).toBe(1);
    test.inbox.end(EOF);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits without a timer for Infinity', async () => {
    const test = new TestInbox();
    const fate = fateOf(test.stream.read(Infinity));
    expect(jest.getTimerCount()).toBe(0);
    test.arrive('at last');
    await turn();
    expect(fate.value).toBe('at last');
  });

  it('waits longer than Node’s timers can', async () => {
    const test = new TestInbox();
    const fate = fateOf(test.stream.read(2 ** 31 + 5));
    jest.advanceTimersByTime(2 ** 31 + 4);
    await turn();
    expect(fate.state).toBe('pending');
    jest.advanceTimersByTime(1);
    await turn();
    expect(fate.value).toBeNull();
  });

  it('waits a fraction of a millisecond', async () => {
    const test = new TestInbox();
    const read = test.stream.read(0.25);
    jest.advanceTimersByTime(1);
    expect(await read).toBeNull();
  });
});

describe('read(0), the poll', () => {
  it('gives null only after a turn of the event loop', async () => {
    const test = new TestInbox();
    const fate = fateOf(test.stream.read(0));
    for (let i = 0; i < 100; i += 1) await Promise.resolve();
    expect(fate.state).toBe('pending');
    jest.advanceTimersByTime(0);
    await turn();
    expect(fate.value).toBeNull();
  });

  it('starves nobody when it is called in a loop', async () => {
    jest.useRealTimers();
    const test = new TestInbox();
    const ran = new Set<string>();
    setImmediate(() => ran.add('immediate'));
    setTimeout(() => ran.add('timer'), 1);
    let polls = 0;
    while (ran.size < 2) {
      expect(await test.stream.read(0)).toBeNull();
      polls += 1;
    }
    expect(polls).toBeGreaterThan(0);
    jest.useFakeTimers();
  });

  it('takes a message that comes in the same turn', async () => {
    const test = new TestInbox();
    const read = test.stream.read(0);
    test.arrive('just in time');
    expect(await read).toBe('just in time');
  });

  it('asks for a message though nothing is read ahead', async () => {
    const test = new TestInbox();
    test.inbox.stopPrefetching();
    test.arrive('first');
    expect(await test.stream.read(0)).toBe('first');
    const poll = test.stream.read(0);
    jest.advanceTimersByTime(0);
    expect(await poll).toBeNull();
    test.arrive('asked for by the poll');
    expect(await test.stream.read(0)).toBe('asked for by the poll');
  });
});

describe('read({ signal })', () => {
  it('rejects with the reason of a signal that aborts, and consumes nothing', async () => {
    const test = new TestInbox();
    const controller = new AbortController();
    const read = fateOf(test.stream.read({ signal: controller.signal, timeout: 1000 }));
    controller.abort(failure);
    await turn();
    expect(read).toEqual({ state: 'rejected', value: failure });
    test.arrive('kept');
    expect(await test.stream.read()).toBe('kept');
  });

  it('rejects at once if the signal has aborted, though messages wait', async () => {
    const test = new TestInbox();
    test.arrive('kept');
    const signal = AbortSignal.abort(failure);
    await expect(test.stream.read({ signal })).rejects.toBe(failure);
    await expect(test.stream.read({ signal, timeout: 0 })).rejects.toBe(failure);
    expect(await test.stream.read()).toBe('kept');
    test.inbox.end(EOF);
    await expect(test.stream.read({ signal })).rejects.toBe(failure);
  });

  it('rejects with a reason that is no Error, too', async () => {
    const test = new TestInbox();
    await expect(test.stream.read({ signal: AbortSignal.abort('why not') })).rejects.toBe(
      'why not',
    );
    const { reason } = AbortSignal.abort();
    await expect(test.stream.read({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: (reason as Error).name,
    });
  });

  it('aborts only the reads that it was given to', async () => {
    const test = new TestInbox();
    const controller = new AbortController();
    const aborted = fateOf(test.stream.read({ signal: controller.signal }));
    const other = test.stream.read();
    controller.abort(failure);
    test.arrive('for the other');
    expect(await other).toBe('for the other');
    expect(aborted.value).toBe(failure);
  });

  it('leaves no listener on a signal used again and again', async () => {
    const test = new TestInbox();
    const { signal } = new AbortController();
    for (let i = 0; i < 30; i += 1) {
      const read = test.stream.read({ signal });
      test.arrive('a');
      await read;
      const late = test.stream.read({ signal, timeout: 1 });
      jest.advanceTimersByTime(1);
      expect(await late).toBeNull();
    }
    const waiting = [1, 2, 3].map(() => test.stream.read({ signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(3);
    test.inbox.end(EOF);
    expect(await Promise.all(waiting)).toEqual([EOF, EOF, EOF]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('never makes an unhandled rejection of an abort', async () => {
    const test = new TestInbox();
    const controller = new AbortController();
    void test.stream.read({ signal: controller.signal });
    controller.abort(failure);
    void test.stream.read({ signal: controller.signal });
    await turn();
    expect(controller.signal.aborted).toBe(true);
  });
});

describe('what read() refuses', () => {
  const refusals: [unknown, ErrorConstructor, string][] = [
    [-1, RangeError, 'read timeout must be 0 milliseconds or more, got -1'],
    [-Infinity, RangeError, 'read timeout must be 0 milliseconds or more, got -Infinity'],
    [NaN, RangeError, 'read timeout must be 0 milliseconds or more, got NaN'],
    [
      '500',
      TypeError,
      "read takes a timeout in milliseconds or { timeout, signal }, got '500' (string)",
    ],
    [500n, TypeError, 'read takes a timeout in milliseconds or { timeout, signal }, got 500n'],
    [null, TypeError, 'read takes a timeout in milliseconds or { timeout, signal }, got null'],
    [true, TypeError, 'got true (boolean)'],
    [() => 1, TypeError, 'got a function'],
    [[5], TypeError, 'read() takes an options object, got an array of 1'],
    [new Date(0), TypeError, 'read() takes an options object, got a Date'],
    [new AbortController().signal, TypeError, 'read() takes an options object, got an AbortSignal'],
    [{ timeuot: 5 }, TypeError, "read() has no option 'timeuot'; the options are timeout, signal"],
    [
      { timeout: '5' },
      TypeError,
      "read timeout must be a number of milliseconds, got '5' (string)",
    ],
    [{ timeout: 5n }, TypeError, 'read timeout must be a number of milliseconds, got 5n'],
    [{ timeout: null }, TypeError, 'read timeout must be a number of milliseconds, got null'],
    [{ timeout: -5 }, RangeError, 'read timeout must be 0 milliseconds or more, got -5'],
    [{ signal: {} }, TypeError, 'read signal must be an AbortSignal, got {}'],
    [
      { signal: new AbortController() },
      TypeError,
      'read signal must be an AbortSignal, got an AbortController',
    ],
  ] as never;

  it.each(refusals)('%p', async (limit, type, words) => {
    const test = new TestInbox();
    test.arrive('kept');
    const fate = fateOf(test.stream.read(limit as number));
    await turn();
    expect(fate.state).toBe('rejected');
    expect(fate.value).toBeInstanceOf(type);
    expect((fate.value as Error).message).toContain(words);
    expect(await test.stream.read()).toBe('kept');
  });

  it('lets unset options be', async () => {
    const test = new TestInbox();
    const options = { timeout: undefined, signal: undefined } as never;
    const reads = [test.stream.read({}), test.stream.read(options)];
    expect(jest.getTimerCount()).toBe(0);
    test.arrive('a');
    test.arrive('b');
    expect(await Promise.all(reads)).toEqual(['a', 'b']);
  });

  it('rejects quietly, as every read', async () => {
    void new TestInbox().stream.read(-1);
    await turn();
    expect(jest.getTimerCount()).toBe(0);
  });
});
