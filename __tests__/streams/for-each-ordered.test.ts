import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EOF } from '../../lib/streams/eof.js';
import { TestInbox } from './test-inbox.js';
import { fateOf, turn } from './turn.js';

const boom = new Error('boom');
const failure = new Error('the call failed');
/** Many short runs: what a slow, busy machine may take for them, in milliseconds. */
const LONG = 60_000;

function inboxOf(...texts: string[]): TestInbox {
  const test = new TestInbox();
  for (const text of texts) test.arrive(text);
  test.inbox.end(EOF);
  return test;
}

/** Work in two steps; each step of each message ends when the test says so. */
class TwoSteps {
  readonly log: string[] = [];
  readonly #ends = new Map<string, (error?: Error) => void>();

  readonly do = async (text: string): Promise<() => Promise<void>> => {
    await this.#step(`${text}1`);
    return () => this.#step(`${text}2`);
  };

  /** The steps that have begun and not ended. */
  get underWay(): string[] {
    return [...this.#ends.keys()];
  }

  async end(step: string, error?: Error): Promise<void> {
    const end = this.#ends.get(step);
    if (end === undefined) throw new Error(`${step} is not under way`);
    this.#ends.delete(step);
    end(error);
    await turn();
  }

  #step(name: string): Promise<void> {
    this.log.push(name);
    return new Promise((resolve, reject) => {
      this.#ends.set(name, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }
}

describe('forEach, ordered', () => {
  it('does the first steps at once and the second ones in turn', async () => {
    const test = inboxOf('a', 'b', 'c');
    const work = new TwoSteps();
    const done = fateOf(test.stream.forEach(work.do, { concurrency: 3, ordered: true }));
    await turn();
    expect(work.underWay).toEqual(['a1', 'b1', 'c1']);
    await work.end('c1');
    await work.end('b1');
    expect(work.underWay).toEqual(['a1']);
    await work.end('a1');
    expect(work.underWay).toEqual(['a2']);
    await work.end('a2');
    expect(work.underWay).toEqual(['b2']);
    await work.end('b2');
    expect(done.state).toBe('pending');
    await work.end('c2');
    expect(done.state).toBe('resolved');
    expect(test.left).toBe(0);
  });

  it('lets a message keep its place until its turn is over', async () => {
    const work = new TwoSteps();
    const { stream } = inboxOf('a', 'b', 'c', 'd');
    const done = stream.forEach(work.do, { concurrency: 2, ordered: true });
    await turn();
    await work.end('b1');
    expect(work.log).toEqual(['a1', 'b1']);
    await work.end('a1');
    await work.end('a2');
    expect(work.underWay.toSorted()).toEqual(['b2', 'c1']);
    for (const step of ['b2', 'c1', 'c2', 'd1', 'd2']) await work.end(step);
    await done;
  });

  it('takes functions that give nothing, or give the second step without a promise', async () => {
    const seen: string[] = [];
    const { stream } = inboxOf('a', 'b', 'c');
    const work = (text: string) => (text === 'b' ? 'nothing to call' : () => seen.push(text));
    await stream.forEach(work, { ordered: true, concurrency: 3 });
    expect(seen).toEqual(['a', 'c']);
  });

  it('ignores what is returned when it is not ordered', async () => {
    const failing = () => () => {
      throw boom;
    };
    await inboxOf('a').stream.forEach(failing, { concurrency: 2 });
  });

  it('completes everything before the message that failed, and begins nothing after it', async () => {
    const test = inboxOf('a', 'b', 'c', 'd', 'e');
    const work = new TwoSteps();
    const done = fateOf(test.stream.forEach(work.do, { concurrency: 3, ordered: true }));
    await turn();
    await work.end('c1');
    await work.end('b1', boom);
    expect(done.state).toBe('pending');
    expect(test.left).toBe(0);
    await work.end('a1');
    await work.end('a2');
    expect(done).toEqual({ state: 'rejected', value: boom });
    expect(test.left).toBe(1);
    expect(work.log).toEqual(['a1', 'b1', 'c1', 'a2']);
  });

  it('fails with the error of the earliest message, not with the first in time', async () => {
    const { stream } = inboxOf('a', 'b');
    const work = new TwoSteps();
    const done = fateOf(stream.forEach(work.do, { concurrency: 2, ordered: true }));
    await turn();
    await work.end('b1', new Error('sooner, but behind'));
    await work.end('a1');
    await work.end('a2', boom);
    expect(done).toEqual({ state: 'rejected', value: boom });
  });

  it('does all that came before the stream failed, in order', async () => {
    const test = new TestInbox();
    for (const text of ['a', 'b']) test.arrive(text);
    test.inbox.end(failure);
    const work = new TwoSteps();
    const done = fateOf(test.stream.forEach(work.do, { concurrency: 2, ordered: true }));
    await turn();
    for (const step of ['b1', 'a1', 'a2']) await work.end(step);
    expect(done.state).toBe('pending');
    await work.end('b2');
    expect(done).toEqual({ state: 'rejected', value: failure });
    expect(test.left).toBe(0);
  });

  it('refuses an `ordered` that is not true or false', async () => {
    const done = inboxOf('kept').stream.forEach(() => {}, { ordered: 'yes' as never });
    await expect(done).rejects.toThrow(
      new TypeError("forEach ordered must be true or false, got 'yes' (string)"),
    );
  });

  it(
    'keeps its promises however long each step takes and whichever fails',
    async () => {
      const step = fc.record({ turns: fc.nat({ max: 3 }), fails: fc.nat({ max: 15 }) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(step, step), { maxLength: 12 }),
          fc.integer({ min: 1, max: 4 }),
          async (plans, concurrency) => {
            const test = inboxOf(...plans.map((_, i) => String(i)));
            const [begun, over]: [number[], number[]] = [[], []];
            let [inProgress, most] = [0, 0];
            const take = async ({ turns, fails }: { turns: number; fails: number }, at: number) => {
              for (let i = 0; i < turns; i += 1) await turn();
              if (fails === 0) throw new Error(String(at));
            };
            const done = fateOf(
              test.stream.forEach(
                async (text) => {
                  const at = Number(text);
                  begun.push(at);
                  inProgress += 1;
                  most = Math.max(most, inProgress);
                  await take(plans[at]![0], at);
                  return async () => {
                    expect(over).toEqual(plans.slice(0, at).map((_, i) => i));
                    await take(plans[at]![1], at);
                    inProgress -= 1;
                    over.push(at);
                  };
                },
                { concurrency, ordered: true },
              ),
            );
            while (done.state === 'pending') await turn();
            const failing = plans.findIndex(([a, b]) => a.fails === 0 || b.fails === 0);
            const count = failing < 0 ? plans.length : failing;
            expect(over).toEqual(plans.slice(0, count).map((_, i) => i));
            expect(begun).toEqual(begun.toSorted((a, b) => a - b));
            expect(most).toBeLessThanOrEqual(concurrency);
            if (failing < 0) expect(done.state).toBe('resolved');
            else expect(done.value).toEqual(new Error(String(failing)));
            expect(test.left).toBe(failing < 0 ? 0 : 1);
          },
        ),
        { numRuns: 200 },
      );
    },
    LONG,
  );
});
