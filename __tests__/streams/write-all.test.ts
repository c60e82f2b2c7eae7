import { describe, expect, it } from '@jest/globals';
import { SourceError, writeAll } from '../../lib/streams/write-all.js';
import { Counted } from './counted.js';
import { ofSize, type Parcel, TestOutbox } from './test-outbox.js';
import { fateOf, turn } from './turn.js';

const failure = new Error('the call failed');

const kinds = ['sync', 'async'] as const;

describe.each(kinds)('writeAll from a source that is %s', (kind) => {
  it('writes everything in order and resolves', async () => {
    const test = new TestOutbox();
    const source = new Counted(['a', 'b', 'c']);
    await writeAll(test.outbox, source[kind]());
    await turn();
    test.confirmAll();
    expect(test.sent).toEqual(['a', 'b', 'c']);
    expect(source.closed).toBe(kind === 'sync' ? 1 : 0);
  });

  it('is content with an empty one', async () => {
    const test = new TestOutbox();
    await writeAll(test.outbox, new Counted([])[kind]());
    expect(test.sent).toEqual([]);
  });

  it('never pulls ahead without room', async () => {
    const test = new TestOutbox({ highWaterMark: 20 });
    const source = new Counted(Array.from({ length: 10 }, () => ofSize(10)));
    const written = fateOf(writeAll(test.outbox, source[kind]()));
    for (const pulled of [2, 4, 6, 8]) {
      await turn();
      await turn();
      expect(source.pulled).toBe(pulled);
      expect(test.outbox.bufferedBytes).toBe(20);
      test.confirmAll();
    }
    await turn();
    test.confirmAll();
    await turn();
    expect(written.state).toBe('resolved');
  });

  it('closes the source and rejects when the call ends while there is no room', async () => {
    const test = new TestOutbox({ highWaterMark: 10 });
    const source = new Counted([ofSize(20), 'never']);
    const written = fateOf(writeAll(test.outbox, source[kind]()));
    await turn();
    test.outbox.fail(failure);
    await turn();
    expect(written).toEqual({ state: 'rejected', value: failure });
    expect(source).toMatchObject({ pulled: 1, closed: 1 });
  });

  it('closes the source when the call has ended already, and pulls nothing', async () => {
    const test = new TestOutbox();
    test.outbox.fail(failure);
    let closed = 0;
    const source = new Counted(['a']);
    const iterator = Object.assign(
      kind === 'sync' ? source.sync() : source.async()[Symbol.asyncIterator](),
      {
        return: () => {
          closed += 1;
        },
      },
    );
    const iterable = { [kind === 'sync' ? Symbol.iterator : Symbol.asyncIterator]: () => iterator };
    await expect(writeAll(test.outbox, iterable as never)).rejects.toBe(failure);
    expect(source.pulled).toBe(0);
    expect(closed).toBe(1);
  });

  it('closes the source and rejects when a message is refused', async () => {
    const test = new TestOutbox();
    const source = new Counted(['fine', 'misfit', 'never']);
    await expect(writeAll(test.outbox, source[kind]())).rejects.toMatchObject({
      name: 'RefusalError',
      cause: { message: 'text: does not fit' },
    });
    expect(source).toMatchObject({ pulled: 2, closed: 1 });
    await turn();
    expect(test.sent).toEqual(['fine']);
  });

  it('closes the source and rejects when doneWriting() came in between', async () => {
    const test = new TestOutbox({ highWaterMark: 10 });
    const source = new Counted([ofSize(20), 'never sent']);
    const written = fateOf(writeAll(test.outbox, source[kind]()));
    await turn();
    void test.outbox.close();
    test.confirmAll();
    await turn();
    expect(written.value).toMatchObject({ cause: { code: 9 } });
    expect(source.closed).toBe(1);
    expect(test.sent).toHaveLength(1);
  });

  it('leaves nothing behind when it is done', async () => {
    const test = new TestOutbox();
    const source = new Counted(['a']);
    await writeAll(test.outbox, source[kind]());
    const { closed } = source;
    test.outbox.fail(failure);
    await turn();
    expect(source.closed).toBe(closed);
  });
});

describe('writeAll while the source is waited for', () => {
  it('rejects and closes the source at once when the call ends, though nothing ever comes', async () => {
    const test = new TestOutbox();
    const source = new Counted(['a', 'b'], 1);
    const written = fateOf(writeAll(test.outbox, source.async()));
    await turn();
    expect(source.pulled).toBe(2);
    test.outbox.fail(failure);
    expect(source.closed).toBe(1);
    await turn();
    expect(written).toEqual({ state: 'rejected', value: failure });
    expect(test.sent).toEqual(['a']);
  });

  it('drops what the source gives after all', async () => {
    const test = new TestOutbox();
    let give!: (result: IteratorResult<Parcel>) => void;
    const next = (): Promise<IteratorResult<Parcel>> => new Promise((resolve) => (give = resolve));
    const written = writeAll(test.outbox, { [Symbol.asyncIterator]: () => ({ next }) });
    test.outbox.fail(failure);
    await expect(written).rejects.toBe(failure);
    give({ value: { text: 'late' } });
    await turn();
    expect(test.sent).toEqual([]);
  });

  it('cares no more for how the source fails after all', async () => {
    const test = new TestOutbox();
    let fail!: (error: Error) => void;
    const next = (): Promise<never> => new Promise((_resolve, reject) => (fail = reject));
    const written = writeAll(test.outbox, {
      [Symbol.asyncIterator]: () => ({ next, return: () => Promise.reject(new Error('no')) }),
    });
    test.outbox.fail(failure);
    await expect(written).rejects.toBe(failure);
    fail(new Error('late'));
    await turn();
    expect(test.sent).toEqual([]);
  });
});

describe('a source that fails', () => {
  const boom = new Error('boom');

  it('rejects with a SourceError and what was thrown as cause', async () => {
    const sources: Record<string, Iterable<Parcel> | AsyncIterable<Parcel>> = {
      generator: (function* () {
        yield { text: 'a' };
        throw boom;
      })(),
      'async generator': (async function* () {
        yield { text: 'a' };
        throw boom;
      })(),
      'rejecting next': { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(boom) }) },
      'throwing next': {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            throw boom;
          },
        }),
      },
      'no iterator': {
        [Symbol.iterator]: () => {
          throw boom;
        },
      },
    };
    for (const [name, source] of Object.entries(sources)) {
      const test = new TestOutbox();
      const fate = fateOf(writeAll(test.outbox, source));
      await turn();
      expect([name, fate.value]).toEqual([name, expect.any(SourceError)]);
      expect((fate.value as Error).cause).toBe(boom);
    }
  });

  it('is not closed: it has ended itself', async () => {
    const test = new TestOutbox();
    let closed = 0;
    const source = {
      [Symbol.iterator]: () => ({
        next: () => {
          throw boom;
        },
        return: () => {
          closed += 1;
          return { value: undefined, done: true as const };
        },
      }),
    };
    await expect(writeAll(test.outbox, source)).rejects.toThrow(SourceError);
    expect(closed).toBe(0);
  });

  it('says so when it is no iterator at all', async () => {
    const test = new TestOutbox();
    const source = { [Symbol.iterator]: () => ({ next: () => undefined }) } as never;
    await expect(writeAll(test.outbox, source)).rejects.toThrow(SourceError);
  });
});

describe('closing a source', () => {
  it('does not mind one that cannot be closed, or fails to', async () => {
    const returns = [
      undefined,
      () => {
        throw new Error('no');
      },
      () => undefined,
      () => Promise.reject(new Error('no')),
    ];
    for (const close of returns) {
      const test = new TestOutbox();
      const next = (): Promise<never> => new Promise(() => {});
      const iterator = { next, ...(close && { return: close }) } as AsyncIterator<Parcel>;
      const written = writeAll(test.outbox, { [Symbol.asyncIterator]: () => iterator });
      test.outbox.fail(failure);
      await expect(written).rejects.toBe(failure);
    }
  });

  it('reaches a generator that ends its own call', async () => {
    const test = new TestOutbox();
    let closed = false;
    function* source(): Generator<Parcel> {
      try {
        test.outbox.fail(failure);
        yield { text: 'never sent' };
      } finally {
        closed = true;
      }
    }
    await expect(writeAll(test.outbox, source())).rejects.toBe(failure);
    expect(closed).toBe(true);
    expect(test.sent).toEqual([]);
  });
});
