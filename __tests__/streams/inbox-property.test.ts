import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { EOF } from '../../lib/streams/eof.js';
import { frameSize } from '../../lib/streams/frame-size.js';
import { InboxModel } from './inbox-model.js';
import { GARBLED, TestInbox } from './test-inbox.js';
import { type Fate, fateOf, turn } from './turn.js';

/** Many short runs: what a slow, busy machine may take for them, in milliseconds. */
const LONG = 60_000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const PREFETCH = 40;
const BIGGEST = 30;
const cancelled = new Error('cancelled');
const failed = new Error('failed');

/** One thing that can happen to an inbox, here and in the model. */
type Step =
  | { do: 'arrive'; size: number; garbled: boolean }
  | { do: 'read'; timeout: number | undefined; signal: number | undefined }
  | { do: 'read batch'; max: number; timeout: number | undefined; signal: number | undefined }
  | { do: 'ready'; timeout: number | undefined; signal: number | undefined }
  | { do: 'next' }
  | { do: 'leave'; preventCancel: boolean }
  | { do: 'abort'; signal: number }
  | { do: 'pass'; milliseconds: number }
  | { do: 'end'; well: boolean }
  | { do: 'discard' }
  | { do: 'stop prefetching' };

const signalIndex = fc.nat({ max: 2 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('arrive' as const),
      size: fc.nat({ max: BIGGEST }),
      garbled: fc.integer({ min: 0, max: 30 }).map((n) => n === 30),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      timeout: fc.constantFrom(undefined, 0, 1, 5, 20, Infinity),
      signal: fc.option(signalIndex, { nil: undefined }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('read batch' as const),
      max: fc.constantFrom(1, 2, 3, 5, Infinity),
      timeout: fc.constantFrom(undefined, undefined, 0, 1, 5, 20, Infinity),
      signal: fc.option(signalIndex, { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ready' as const),
      timeout: fc.constantFrom(undefined, 0, 1, 5, 20),
      signal: fc.option(signalIndex, { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'next' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('leave' as const), preventCancel: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), signal: signalIndex }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      milliseconds: fc.constantFrom(0, 1, 4, 20),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), well: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'discard' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'stop prefetching' as const }) },
);

/** The inbox and the model side by side, and what every read of each has come to. */
class Run {
  readonly test = new TestInbox(PREFETCH);
  readonly model = new InboxModel(this.test.undecodable);
  readonly #controllers = [0, 1, 2].map(() => new AbortController());
  readonly #fates: [actual: Fate, expected: Fate][] = [];
  #arrivals = 0;
  #iterator = this.test.stream.values();
  #left = false;
  /** A batch may have more than PREFETCH kept for it, which others get if it is called off. */
  #keptForBatch = 0;

  take(step: Step): void {
    const { test, model } = this;
    switch (step.do) {
      case 'arrive':
        if (test.asked === 0) break;
        this.#arrive(step.garbled ? GARBLED.toString() : this.#text(step.size));
        break;
      case 'read':
        this.#read(step.timeout, step.signal);
        break;
      case 'read batch':
        this.#readBatch(step.max, step.timeout, step.signal);
        break;
      case 'ready':
        this.#ready(step.timeout, step.signal);
        break;
      case 'next':
        if (this.#left) break;
        this.#watch(this.#iterator.next(), model.read(Infinity, undefined, 'next'));
        break;
      case 'leave':
        this.#leave(step.preventCancel);
        break;
      case 'abort':
        this.#abort(this.#controllers[step.signal] as AbortController);
        break;
      case 'pass':
        jest.advanceTimersByTime(step.milliseconds);
        model.pass(step.milliseconds);
        break;
      case 'end':
        test.inbox.end(step.well ? EOF : failed);
        model.end(step.well ? EOF : failed);
        break;
      case 'discard':
        test.inbox.discard(cancelled);
        model.discard(cancelled);
        break;
      case 'stop prefetching':
        test.inbox.stopPrefetching();
        break;
    }
  }

  /** The transport has more than one request to answer if this is ever above one. */
  checkNow(): void {
    const { test, model } = this;
    expect(test.asked).toBeLessThanOrEqual(1);
    expect(test.inbox.queuedBytes).toBe(model.queuedBytes);
    const { queuedBytes } = test.inbox;
    if (model.waiting[0]?.kind === 'batch') this.#keptForBatch = queuedBytes;
    else if (queuedBytes < PREFETCH) this.#keptForBatch = 0;
    const most = Math.max(this.#keptForBatch, PREFETCH) + BIGGEST + 5;
    expect(queuedBytes).toBeLessThan(most);
    if (model.outcome === undefined && model.waiting.length > 0) expect(test.asked).toBe(1);
  }

  async checkReads(): Promise<void> {
    await turn();
    for (const [actual, { state, value }] of this.#fates) {
      expect(actual).toEqual(state === 'pending' ? { state } : { state, value });
    }
  }

  /** Whatever happened: what is left can be read, in order, and then the end for ever. */
  async finish(): Promise<void> {
    this.test.inbox.end(EOF);
    this.model.end(EOF);
    while (this.model.unread.length > 0) this.#read(undefined, undefined);
    for (let i = 0; i < 3; i += 1) this.#read(undefined, undefined);
    await this.checkReads();
    expect(this.model.waiting).toHaveLength(0);
    expect(jest.getTimerCount()).toBe(0);
    expect(this.test.inbox.queuedBytes).toBe(0);
  }

  #text(size: number): string {
    this.#arrivals += 1;
    return String(this.#arrivals).padEnd(size, '.').slice(0, Math.max(size, 3));
  }

  #readBatch(max: number, timeout: number | undefined, index: number | undefined): void {
    const signal = index === undefined ? undefined : this.#controllers[index]?.signal;
    const batch = this.test.stream.readBatch(max, { timeout, signal });
    this.#watch(batch, this.model.readBatch(max, timeout, signal));
  }

  #ready(timeout: number | undefined, index: number | undefined): void {
    const signal = index === undefined ? undefined : this.#controllers[index]?.signal;
    const ready = this.test.stream.ready({ timeout, signal });
    this.#watch(ready, this.model.ready(timeout ?? Infinity, signal));
  }

  #arrive(text: string): void {
    this.test.arrive(text);
    this.model.arrive(text);
  }

  #read(timeout: number | undefined, index: number | undefined): void {
    const signal = index === undefined ? undefined : this.#controllers[index]?.signal;
    const read =
      signal === undefined
        ? this.test.stream.read(timeout as number)
        : this.test.stream.read(timeout === undefined ? { signal } : { timeout, signal });
    this.#watch(read, this.model.read(timeout ?? Infinity, signal));
  }

  #abort(controller: AbortController): void {
    controller.abort(new Error('aborted'));
    this.model.abort(controller.signal);
    this.#controllers[this.#controllers.indexOf(controller)] = new AbortController();
  }

  /** As a client's call does when its loop is left. */
  #leave(preventCancel: boolean): void {
    const left = this.test.left;
    if (preventCancel) void this.test.stream.values({ preventCancel }).return?.();
    else {
      void this.#iterator.return?.();
      this.#left = true;
      this.test.inbox.discard(cancelled);
      this.model.discard(cancelled);
    }
    expect(this.test.left).toBe(preventCancel || left > 0 ? left : 1);
  }

  #watch(actual: Promise<unknown>, expected: Fate): void {
    this.#fates.push([fateOf(actual), expected]);
  }
}

describe('an inbox, whatever happens in whatever order', () => {
  it(
    'does what the model does, in every detail',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyStep, fc.boolean()), { maxLength: 60, size: 'max' }),
          async (steps) => {
            const run = new Run();
            for (const [step, wait] of steps) {
              run.take(step);
              run.checkNow();
              if (wait) await run.checkReads();
            }
            await run.finish();
          },
        ),
        { numRuns: 200 },
      );
    },
    LONG,
  );

  it(
    'loses and doubles nothing between impatient readers',
    async () => {
      const timeouts = fc.array(fc.constantFrom(0, 1, 2, 7), { minLength: 1, maxLength: 40 });
      const gaps = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(
          timeouts,
          gaps,
          fc.integer({ min: 1, max: 4 }),
          async (limits, waits, n) => {
            const test = new TestInbox(PREFETCH);
            const sent = waits.map((_, i) => String(i));
            const reader = async (first: number): Promise<string[]> => {
              const seen: string[] = [];
              for (let i = first; ; i += 1) {
                const text = await test.stream.read(limits[i % limits.length] as number);
                if (text === EOF) return seen;
                if (text !== null) seen.push(text);
              }
            };
            const readers = Array.from({ length: n }, (_, i) => reader(i));
            for (const [i, text] of sent.entries()) {
              for (let t = waits[i] as number; t >= 0 || test.asked === 0; t -= 1) {
                jest.advanceTimersByTime(1);
                await turn();
              }
              test.arrive(text);
            }
            test.inbox.end(EOF);
            const seen = await Promise.all(readers);
            for (const list of seen) expect(list).toEqual(list.toSorted((a, b) => +a - +b));
            expect(seen.flat().toSorted((a, b) => +a - +b)).toEqual(sent);
            expect(jest.getTimerCount()).toBe(0);
          },
        ),
        { numRuns: 100 },
      );
    },
    LONG,
  );

  it(
    'keeps the order from a transport that answers from inside the request',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.nat({ max: 20 }), { maxLength: 50 }),
          fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 50 }),
          async (sizes, reads) => {
            const sent = sizes.map((size, i) => `${i}:`.padEnd(size, '.'));
            const waiting = [...sent];
            let most = 0;
            const test = new TestInbox(PREFETCH, (box) => {
              const text = waiting.shift();
              if (text !== undefined) box.arrive(text);
              most = Math.max(most, box.inbox.queuedBytes);
            });
            const seen: unknown[] = [];
            for (const count of reads) {
              const some = Array.from({ length: count }, () => test.stream.read(0));
              jest.advanceTimersByTime(0);
              seen.push(...(await Promise.all(some)));
            }
            const messages = seen.filter((text) => text !== null);
            expect(messages).toEqual(sent.slice(0, messages.length));
            const asked = reads.reduce((sum, count) => sum + count, 0);
            expect(messages).toHaveLength(Math.min(asked, sent.length));
            expect(most).toBeLessThan(PREFETCH + Math.max(0, ...sent.map(sizeOf)));
          },
        ),
        { numRuns: 200 },
      );
    },
    LONG,
  );
});

function sizeOf(text: string): number {
  return frameSize(Buffer.from(text)) + 1;
}
