import { describe, expect, it } from '@jest/globals';
import { writeAllTo } from '../../lib/streams/write-stream.js';
import { Counted } from './counted.js';
import { ofSize, type Parcel, TestOutbox } from './test-outbox.js';
import { fateOf, turn } from './turn.js';

const failure = new Error('the call failed');

describe('WriteStream.writeAll', () => {
  const never = (): void => {
    throw new Error('not the source’s fault');
  };

  it('takes any iterable of messages', async () => {
    const test = new TestOutbox();
    await writeAllTo(test.outbox, new Set([{ text: 'a' }]), never);
    await turn();
    expect(test.sent).toEqual(['a']);
  });

  it('prefers the asynchronous iterator of a source that has both', async () => {
    const test = new TestOutbox();
    const both = Object.assign([{ text: 'sync' }], {
      async *[Symbol.asyncIterator]() {
        yield { text: 'async' };
      },
    });
    await writeAllTo(test.outbox, both, never);
    await turn();
    expect(test.sent).toEqual(['async']);
  });

  it('refuses what is no source, and text and bytes, whose parts nobody means', async () => {
    const cases: [unknown, string][] = [
      ['text', "'text' (string)"],
      [Buffer.from('bytes'), 'a Buffer'],
      [{ text: 'a message' }, '{ text }'],
      [undefined, 'undefined'],
      [null, 'null'],
      [5, '5 (number)'],
    ];
    for (const [source, got] of cases) {
      const test = new TestOutbox();
      await expect(writeAllTo(test.outbox, source as never, never)).rejects.toThrow(
        new TypeError(`writeAll takes an iterable or async iterable of messages, got ${got}`),
      );
    }
  });

  it('tells the call what its source threw, and rejects with it', async () => {
    const boom = new Error('boom');
    const test = new TestOutbox();
    const told: unknown[] = [];
    const source: AsyncIterable<Parcel> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(boom) }),
    };
    const written = writeAllTo(test.outbox, source, (thrown) => told.push(thrown));
    await expect(written).rejects.toBe(boom);
    expect(told).toEqual([boom]);
  });

  it('never makes an unhandled rejection', async () => {
    const test = new TestOutbox();
    void writeAllTo(test.outbox, 5 as never, never);
    void writeAllTo(
      test.outbox,
      {
        [Symbol.iterator]: () => {
          throw failure;
        },
      },
      () => {},
    );
    void writeAllTo(test.outbox, [{ text: 'misfit' }], never);
    void writeAllTo(test.outbox, new Counted(['a'], 0).async(), never);
    test.outbox.fail(failure);
    void writeAllTo(test.outbox, [{ text: 'late' }], never);
    await turn();
    expect(test.sent).toEqual([]);
  });

  it('is seen to leave a hole when it is not looked at', async () => {
    const test = new TestOutbox();
    void writeAllTo(test.outbox, [{ text: 'a' }, { text: 'misfit' }, { text: 'b' }], never);
    await turn();
    const closed = fateOf(test.outbox.close());
    test.confirmAll();
    await turn();
    await turn();
    expect(closed.value).toEqual(new TypeError('text: does not fit'));
    expect(test.unseen).toHaveLength(1);
    expect(test.halfCloses).toBe(0);
  });

  it('is not cut short by doneWriting() without a word', async () => {
    const test = new TestOutbox({ highWaterMark: 10 });
    void writeAllTo(test.outbox, [{ text: ofSize(20, 'a') }, { text: ofSize(20, 'b') }], never);
    const closed = fateOf(test.outbox.close());
    for (let i = 0; i < 5; i += 1) {
      test.confirmAll();
      await turn();
    }
    expect(closed.state).not.toBe('pending');
    if (closed.state === 'resolved') expect(test.sent).toHaveLength(2);
  });

  it('leaves the call alone when its refusal is looked at', async () => {
    const test = new TestOutbox();
    const written = writeAllTo(test.outbox, [{ text: 'a' }, { text: 'misfit' }], never);
    await expect(written).rejects.toThrow('text: does not fit');
    void test.outbox.close();
    test.confirmAll();
    await test.outbox.close();
    expect(test.unseen).toEqual([]);
    expect(test.sent).toEqual(['a']);
  });
});
