import { describe, expect, it } from '@jest/globals';
import { EOF } from '../../lib/streams/eof.js';
import type { Outcome } from '../../lib/streams/inbox.js';
import { TestInbox } from './test-inbox.js';
import { fateOf, turn } from './turn.js';

const failure = new Error('the call failed');
const OUTCOMES: Outcome[] = [EOF, failure];

describe('for await over a stream', () => {
  it('gives every message and stops at EOF without leaving', async () => {
    const test = new TestInbox();
    for (const text of ['a', 'b']) test.arrive(text);
    test.inbox.end(EOF);
    const seen: string[] = [];
    for await (const text of test.stream) seen.push(text);
    expect(seen).toEqual(['a', 'b']);
    expect(test.left).toBe(0);
  });

  it('throws the error behind the last message', async () => {
    const test = new TestInbox();
    test.arrive('a');
    test.inbox.end(failure);
    const seen: string[] = [];
    const loop = async (): Promise<void> => {
      for await (const text of test.stream) seen.push(text);
    };
    await expect(loop()).rejects.toBe(failure);
    expect(seen).toEqual(['a']);
    expect(test.left).toBe(0);
  });

  it('leaves, once, on break, return and throw', async () => {
    for (const way of ['break', 'throw'] as const) {
      const test = new TestInbox();
      test.arrive('a');
      test.arrive('b');
      const loop = async (): Promise<void> => {
        for await (const text of test.stream) {
          if (way === 'throw') throw new Error(text);
          break;
        }
      };
      await loop().catch(() => {});
      expect(test.left).toBe(1);
    }
  });

  it('leaves nobody with preventCancel, so that styles mix on one stream', async () => {
    const test = new TestInbox();
    for (const text of ['a', 'b', 'c', 'd']) test.arrive(text);
    for await (const text of test.stream.values({ preventCancel: true })) {
      expect(text).toBe('a');
      break;
    }
    expect(test.left).toBe(0);
    expect(await test.stream.read()).toBe('b');
    for await (const text of test.stream) {
      expect(text).toBe('c');
      break;
    }
    expect(test.left).toBe(1);
    expect(await test.stream.read()).toBe('d');
  });

  it('is over for an iterator that was left, whatever still comes', async () => {
    const test = new TestInbox();
    const iterator = test.stream.values({ preventCancel: false });
    test.arrive('a');
    expect(await iterator.return?.()).toEqual({ value: undefined, done: true });
    await iterator.return?.();
    expect(test.left).toBe(1);
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
    expect(await test.stream.read()).toBe('a');
  });

  it('leaves on an iterator’s throw()', async () => {
    const test = new TestInbox();
    const iterator = test.stream.values();
    await expect(iterator.throw?.(failure)).rejects.toBe(failure);
    expect(test.left).toBe(1);
  });

  it('gives done, or the error, for ever', async () => {
    for (const outcome of OUTCOMES) {
      const test = new TestInbox();
      const iterator = test.stream[Symbol.asyncIterator]();
      expect(iterator[Symbol.asyncIterator]()).toBe(iterator);
      test.inbox.end(outcome);
      const fates = [iterator.next(), iterator.next()].map(fateOf);
      await turn();
      for (const { value } of fates) {
        expect(value).toEqual(outcome === EOF ? { value: undefined, done: true } : failure);
      }
    }
  });

  it('refuses options that it has not', () => {
    const { stream } = new TestInbox();
    expect(() => stream.values({ prevent: true } as never)).toThrow(
      "values() has no option 'prevent'; the options are preventCancel",
    );
    expect(() => stream.values(true as never)).toThrow(TypeError);
  });
});
