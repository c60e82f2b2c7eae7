import { describe, expect, it } from '@jest/globals';
import { EOF } from '../../lib/streams/eof.js';
import { TestInbox } from './test-inbox.js';
import { fateOf, turn } from './turn.js';

const failure = new Error('the call failed');
const boom = new Error('boom');

/** Work that goes on until the test ends it. */
class Work {
  readonly started: string[] = [];
  readonly #ends = new Map<string, { resolve(): void; reject(error: Error): void }>();
  running = 0;
  most = 0;

  readonly do = (text: string): Promise<void> => {
    this.started.push(text);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.running -= 1;
        settle();
      };
      this.#ends.set(text, {
        resolve: () => end(resolve),
        reject: (error) => end(() => reject(error)),
      });
    });
  };

  end(text: string, error?: Error): void {
    const ends = this.#ends.get(text);
    if (error === undefined) ends?.resolve();
    else ends?.reject(error);
  }
}

function inboxOf(...texts: string[]): TestInbox {
  const test = new TestInbox();
  for (const text of texts) test.arrive(text);
  return test;
}

describe('forEach', () => {
  it('works on one message after the other, in order', async () => {
    const test = inboxOf('a', 'b', 'c');
    test.inbox.end(EOF);
    const steps: string[] = [];
    await test.stream.forEach(async (text) => {
      steps.push(`${text} begins`);
      await turn();
      steps.push(`${text} ends`);
    });
    expect(steps).toEqual(['a', 'b', 'c'].flatMap((text) => [`${text} begins`, `${text} ends`]));
    expect(test.left).toBe(0);
  });

  it('takes functions that are not asynchronous', async () => {
    const test = inboxOf('a', 'b');
    test.inbox.end(EOF);
    const seen: string[] = [];
    await test.stream.forEach((text) => void seen.push(text), { concurrency: Infinity });
    expect(seen).toEqual(['a', 'b']);
  });

  it('has at most `concurrency` at work, and starts them in order', async () => {
    const texts = Array.from({ length: 9 }, (_, i) => String(i));
    const test = inboxOf(...texts);
    test.inbox.end(EOF);
    const work = new Work();
    const done = fateOf(test.stream.forEach(work.do, { concurrency: 3 }));
    await turn();
    expect(work.started).toEqual(['0', '1', '2']);
    for (const [i, text] of ['2', '0', '1', '3', '4', '5', '6', '7'].entries()) {
      work.end(text);
      await turn();
      expect(work.started).toEqual(texts.slice(0, 4 + i));
      expect(done.state).toBe('pending');
    }
    work.end('8');
    await turn();
    expect(done.state).toBe('resolved');
    expect(work.most).toBe(3);
  });

  it('resolves only when the last piece of work is done', async () => {
    const test = inboxOf('a');
    const work = new Work();
    const done = fateOf(test.stream.forEach(work.do));
    await turn();
    test.inbox.end(EOF);
    await turn();
    expect(done.state).toBe('pending');
    work.end('a');
    await turn();
    expect(done.state).toBe('resolved');
  });

  it('leaves messages unread while all hands are full', async () => {
    const test = new TestInbox(15);
    const work = new Work();
    const done = test.stream.forEach(work.do, { concurrency: 2 });
    for (let i = 0; test.asked === 1; i += 1) {
      test.arrive(String(i).padEnd(5, '.'));
      await turn();
      expect(i).toBeLessThan(10);
    }
    expect(test.inbox.queuedBytes).toBe(20);
    expect(work.started).toHaveLength(2);
    test.inbox.discard(failure);
    work.end('0....');
    work.end('1....');
    await turn();
    for (const text of work.started) work.end(text);
    await expect(done).rejects.toBe(failure);
  });

  it('works beside other readers', async () => {
    const test = new TestInbox();
    const seen: string[] = [];
    const done = test.stream.forEach((text) => void seen.push(text));
    const read = test.stream.read();
    for (const text of ['a', 'b', 'c']) test.arrive(text);
    test.inbox.end(EOF);
    await done;
    expect(await read).toBe('b');
    expect(seen).toEqual(['a', 'c']);
  });
});

describe('forEach when the work fails', () => {
  it('rejects with the first error, starts nothing more and leaves', async () => {
    const test = inboxOf('a', 'b', 'c', 'd');
    const seen: string[] = [];
    const done = test.stream.forEach(async (text) => {
      seen.push(text);
      await turn();
      if (text === 'b') throw boom;
    });
    await expect(done).rejects.toBe(boom);
    await turn();
    expect(seen).toEqual(['a', 'b']);
    expect(test.left).toBe(1);
  });

  it('starts nothing more whatever was in line', async () => {
    const test = inboxOf('a', 'b', 'c', 'd', 'e');
    const work = new Work();
    const done = fateOf(test.stream.forEach(work.do, { concurrency: 2 }));
    await turn();
    work.end('a', boom);
    await turn();
    expect(work.started).toEqual(['a', 'b']);
    work.end('b', new Error('a second error'));
    await turn();
    expect(done).toEqual({ state: 'rejected', value: boom });
    expect(test.left).toBe(1);
  });

  it('rejects at once though the stream is stuck', async () => {
    const test = inboxOf('a');
    const done = fateOf(
      test.stream.forEach(async () => {
        await turn();
        throw boom;
      }),
    );
    await turn();
    await turn();
    await turn();
    expect(done).toEqual({ state: 'rejected', value: boom });
    expect(test.left).toBe(1);
  });

  it('leaves the stream at once, so that work on it ends too', async () => {
    const test = inboxOf('fails', 'waits for the end of the call');
    const work = new Work();
    const done = fateOf(test.stream.forEach(work.do, { concurrency: 2 }));
    await turn();
    work.end('fails', boom);
    await turn();
    expect(test.left).toBe(1);
    work.end('waits for the end of the call', failure);
    await turn();
    expect(done.value).toBe(boom);
  });

  it('takes what is thrown at once as well, even undefined', async () => {
    for (const thrown of [boom, undefined]) {
      const test = inboxOf('a', 'b');
      const done = fateOf(
        test.stream.forEach(() => {
          throw thrown;
        }),
      );
      await turn();
      await turn();
      expect(done).toEqual({ state: 'rejected', value: thrown });
    }
  });

  it('consumes no message that comes later', async () => {
    const test = inboxOf('a');
    const done = test.stream.forEach(async () => {
      throw boom;
    });
    await expect(done).rejects.toBe(boom);
    test.arrive('later');
    expect(await test.stream.read()).toBe('later');
  });
});

describe('forEach when the stream fails', () => {
  it('works on what came before, then rejects with the stream’s error', async () => {
    const test = inboxOf('a', 'b');
    test.inbox.end(failure);
    const seen: string[] = [];
    await expect(test.stream.forEach((text) => void seen.push(text))).rejects.toBe(failure);
    expect(seen).toEqual(['a', 'b']);
    expect(test.left).toBe(0);
  });

  it('lets running work end first', async () => {
    const test = inboxOf('a');
    const work = new Work();
    const done = fateOf(test.stream.forEach(work.do));
    await turn();
    test.inbox.end(failure);
    await turn();
    expect(done.state).toBe('pending');
    work.end('a');
    await turn();
    expect(done).toEqual({ state: 'rejected', value: failure });
  });
});

describe('what forEach refuses', () => {
  it.each([0, -1, 0.5, NaN, '2', null, 2n])('concurrency %p', async (concurrency) => {
    const test = inboxOf('kept');
    const done = test.stream.forEach(() => {}, { concurrency } as never);
    await expect(done).rejects.toThrow(/^forEach concurrency must be 1 or more, got /);
    expect(await test.stream.read()).toBe('kept');
  });

  it('anything but a function, and options it has not', async () => {
    const { stream } = new TestInbox();
    await expect(stream.forEach('work' as never)).rejects.toThrow(
      new TypeError("forEach callback must be a function, got 'work' (string)"),
    );
    await expect(stream.forEach(() => {}, { parallel: 2 } as never)).rejects.toThrow(
      new TypeError("forEach() has no option 'parallel'; the options are concurrency, ordered"),
    );
  });
});
