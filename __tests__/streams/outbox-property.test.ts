import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { ofSize, TestOutbox } from './test-outbox.js';
import { type Fate, fateOf, turn } from './turn.js';

/** Many short runs: what a slow, busy machine may take for them, in milliseconds. */
const LONG = 60_000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const HIGH_WATER = 50;
const MOST = 120;
const failure = new Error('the call failed');

/** One thing that can happen to an outbox. */
type Step =
  | { do: 'write'; size: number; fits: boolean; look: 'now' | 'later' | 'never' }
  | { do: 'look' }
  | { do: 'sent' }
  | { do: 'immediate' }
  | { do: 'close' }
  | { do: 'fail' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      size: fc.integer({ min: 8, max: 80 }),
      fits: fc.nat({ max: 9 }).map((n) => n > 0),
      look: fc.constantFrom('now' as const, 'now' as const, 'later' as const, 'never' as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'look' as const }) },
  { weight: 9, arbitrary: fc.constant({ do: 'sent' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'immediate' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'close' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'fail' as const }) },
);

interface Write {
  promise: Promise<void>;
  /** What it has come to; `undefined` while nobody looks. */
  fate: Fate | undefined;
  expected: 'room' | 'waits' | 'refused' | 'late' | 'failed';
}

/** The outbox, and beside it a plain account of what it owes. */
class Run {
  readonly test = new TestOutbox({ highWaterMark: HIGH_WATER, maxBufferedBytes: MOST });
  readonly #writes: Write[] = [];
  readonly #accepted: string[] = [];
  /** Bytes accepted and not yet confirmed. */
  #owed = 0;
  #closed: { fate: Fate; judging: boolean } | undefined;
  #failed = false;
  #halfClosed = false;
  #refusedClose = false;

  take(step: Step): void {
    switch (step.do) {
      case 'write':
        this.#write(step.fits ? step.size : undefined, step.look);
        break;
      case 'look':
        for (const write of this.#writes) write.fate ??= fateOf(write.promise);
        break;
      case 'sent':
        this.#confirm();
        break;
      case 'immediate':
        this.#judge();
        break;
      case 'close':
        this.#close();
        break;
      case 'fail':
        this.fail();
        break;
    }
  }

  checkNow(): void {
    const { outbox, sent, halfCloses, unseen } = this.test;
    expect(sent).toEqual(this.#accepted.slice(0, sent.length));
    expect(outbox.bufferedBytes).toBe(this.#failed ? 0 : this.#owed);
    expect(halfCloses).toBe(this.#halfClosed ? 1 : 0);
    if (this.#halfClosed) expect(sent).toEqual(this.#accepted);
    expect(unseen).toHaveLength(this.#refusedClose ? 1 : 0);
    const open = !this.#failed && this.#closed === undefined;
    expect(outbox.canWriteMore).toBe(open && this.#owed < HIGH_WATER);
  }

  /** When the microtasks have run, nothing may lie idle, and every promise is as it should be. */
  async checkSettled(): Promise<void> {
    await turn();
    const { sent, onTheirWay, outbox } = this.test;
    if (!this.#failed && onTheirWay.length === 0) expect(sent).toEqual(this.#accepted);
    for (const { fate, expected } of this.#writes) {
      if (fate === undefined) continue;
      if (expected === 'waits') expect(fate.state).toBe('pending');
      else expect(fate.state).toBe(expected === 'room' ? 'resolved' : 'rejected');
      if (expected === 'failed') expect(fate.value).toBe(failure);
      if (expected === 'late') expect(fate.value).toMatchObject({ code: 9 });
      if (expected === 'refused') expect(String(fate.value)).toMatch(/does not fit|refused/);
    }
    if (this.#closed === undefined || this.#closed.judging) return;
    const { fate } = this.#closed;
    if (this.#refusedClose) expect(String(fate.value)).toMatch(/does not fit|refused/);
    else if (fate.state === 'rejected') expect(this.#failed).toBe(true);
    else expect(fate.state).toBe(outbox.bufferedBytes === 0 ? 'resolved' : 'pending');
  }

  fail(): void {
    this.test.outbox.fail(failure);
    if (this.#failed) return;
    this.#failed = true;
    for (const write of this.#writes) if (write.expected === 'waits') write.expected = 'failed';
  }

  /** After the call's end nobody waits any more, and everything accepted was sent or told of. */
  async finish(): Promise<void> {
    this.take({ do: 'look' });
    await this.checkSettled();
    const allSent = this.test.sent.length === this.#accepted.length && this.#owed === 0;
    const closed = this.#closed?.fate ?? fateOf(this.test.outbox.close());
    this.fail();
    this.#judge();
    await turn();
    expect(this.#writes.filter(({ fate }) => fate?.state === 'pending')).toEqual([]);
    expect(closed.state).not.toBe('pending');
    if (closed.state === 'resolved') expect(allSent).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  }

  #write(size: number | undefined, look: 'now' | 'later' | 'never'): void {
    const text = size === undefined ? 'misfit' : `${this.#accepted.length}`.padEnd(size - 5, '.');
    const expected = this.#expectedOf(size);
    const promise = this.test.write(text);
    if (expected === 'room' || expected === 'waits') {
      this.#accepted.push(text);
      this.#owed += size as number;
    }
    const seen = look === 'now' || (look === 'later' && expected !== 'refused');
    this.#writes.push({ promise, fate: seen ? fateOf(promise) : undefined, expected });
  }

  #expectedOf(size: number | undefined): Write['expected'] {
    if (this.#failed) return 'failed';
    if (this.#closed !== undefined) return 'late';
    if (size === undefined) return 'refused';
    if (this.#owed >= HIGH_WATER && this.#owed + size > MOST) return 'refused';
    return this.#owed + size < HIGH_WATER ? 'room' : 'waits';
  }

  #confirm(): void {
    const batch = this.test.onTheirWay[0];
    if (batch === undefined) return;
    this.test.confirm();
    if (this.#failed) return;
    this.#owed -= batch.bytes;
    if (this.#owed >= HIGH_WATER) return;
    for (const write of this.#writes) if (write.expected === 'waits') write.expected = 'room';
  }

  #close(): void {
    const promise = this.test.outbox.close();
    if (this.#closed !== undefined) {
      expect(this.test.outbox.close()).toBe(promise);
      return;
    }
    const judging = !this.#failed && this.#unseen() > 0;
    this.#closed = { fate: fateOf(promise), judging };
    this.#halfClosed = !this.#failed && !judging;
  }

  #judge(): void {
    jest.advanceTimersByTime(0);
    if (this.#closed?.judging !== true) return;
    this.#closed.judging = false;
    if (this.#failed) return;
    if (this.#unseen() > 0) this.#refusedClose = true;
    else this.#halfClosed = true;
  }

  #unseen(): number {
    return this.#writes.filter(({ expected, fate }) => expected === 'refused' && !fate).length;
  }
}

describe('an outbox, whatever happens in whatever order', () => {
  it(
    'keeps its books: order, bytes, room, refusals and the half-close',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyStep, fc.boolean()), { maxLength: 60, size: 'max' }),
          async (steps) => {
            const run = new Run();
            for (const [step, wait] of steps) {
              run.take(step);
              run.checkNow();
              if (wait) {
                await run.checkSettled();
                run.checkNow();
              }
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
    'sends everything exactly once to a wire that lags behind',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 8, max: 40_000 }), { maxLength: 40 }),
          fc.array(fc.nat({ max: 3 }), { minLength: 1 }),
          async (sizes, lag) => {
            const test = new TestOutbox({ highWaterMark: 64 * 1024, maxBufferedBytes: 2 ** 20 });
            const texts = sizes.map((size, i) => ofSize(size, String(i % 10)));
            let done = false;
            const wire = async (): Promise<void> => {
              for (let i = 0; !done; i += 1) {
                for (let n = lag[i % lag.length] as number; n >= 0; n -= 1) await turn();
                if (test.onTheirWay.length > 0) test.confirm();
              }
            };
            const running = wire();
            for (const text of texts) await test.write(text);
            await test.outbox.close();
            done = true;
            await running;
            expect(test.sent.length).toBe(texts.length);
            expect(test.sent.every((text, i) => text === texts[i])).toBe(true);
            expect(test.halfCloses).toBe(1);
          },
        ),
        { numRuns: 60 },
      );
    },
    LONG,
  );
});
