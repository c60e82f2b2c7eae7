import { describe, expect, it } from '@jest/globals';
import { EOF } from '../../lib/streams/eof.js';
import { Inbox, type Outcome } from '../../lib/streams/inbox.js';
import { GARBLED, TestInbox } from './test-inbox.js';
import { fateOf, turn } from './turn.js';

const failure = new Error('the call failed');
const OUTCOMES: Outcome[] = [EOF, failure];

describe('what the inbox asks for', () => {
  it('asks for nothing before it is started', () => {
    let asked = 0;
    const inbox = new Inbox<string>({
      prefetchBytes: 100,
      decode: String,
      request: () => {
        asked += 1;
      },
      undecodable: () => failure,
    });
    expect(asked).toBe(0);
    inbox.start();
    expect(asked).toBe(1);
  });

  it('reads ahead until prefetchBytes wait, prefixes included', () => {
    const test = new TestInbox(14);
    test.arrive('ab');
    expect(test.inbox.queuedBytes).toBe(7);
    expect(test.asked).toBe(1);
    test.arrive('cd');
    expect(test.inbox.queuedBytes).toBe(14);
    expect(test.asked).toBe(0);
  });

  it('counts empty messages, so that even they are bounded', () => {
    const test = new TestInbox(10);
    test.arrive('');
    test.arrive('');
    expect(test.inbox.queuedBytes).toBe(10);
    expect(test.asked).toBe(0);
  });

  it('asks again when a read makes room', async () => {
    const test = new TestInbox(5);
    test.arrive('one');
    expect(test.asked).toBe(0);
    expect(await test.stream.read()).toBe('one');
    expect(test.asked).toBe(1);
    expect(test.inbox.queuedBytes).toBe(0);
  });

  it('asks only for what readers wait for once prefetching stops', async () => {
    const test = new TestInbox();
    test.inbox.stopPrefetching();
    test.arrive('was on its way');
    expect(test.asked).toBe(0);
    expect(await test.stream.read()).toBe('was on its way');
    expect(test.asked).toBe(0);
    const read = test.stream.read();
    expect(test.asked).toBe(1);
    test.arrive('asked for');
    expect(await read).toBe('asked for');
    expect(test.asked).toBe(0);
  });

  it('asks no more after the end', async () => {
    const test = new TestInbox(5);
    test.arrive('last');
    test.inbox.end(EOF);
    expect(await test.stream.read()).toBe('last');
    expect(await test.stream.read()).toBe(EOF);
    expect(test.asked).toBe(0);
  });

  it('survives a transport that answers from inside the request', async () => {
    const total = 60_000;
    let sent = 0;
    const inbox: Inbox<number> = new Inbox<number>({
      prefetchBytes: Infinity,
      decode: (bytes) => Buffer.from(bytes).readInt32BE(),
      request: () => {
        if (sent === total) return;
        const bytes = Buffer.alloc(4);
        bytes.writeInt32BE(sent);
        sent += 1;
        inbox.push(bytes);
      },
      undecodable: () => failure,
    });
    inbox.start();
    inbox.end(EOF);
    let next = 0;
    for (let n = await inbox.read(Infinity, undefined); n !== EOF; next += 1) {
      if (n !== next) throw new Error(`${String(n)} in the place of ${next}`);
      n = await inbox.read(Infinity, undefined);
    }
    expect(next).toBe(total);
  });
});

describe('how a stream ends', () => {
  it('gives what had arrived, then EOF for ever', async () => {
    const test = new TestInbox();
    test.arrive('a');
    test.arrive('b');
    test.inbox.end(EOF);
    const reads = [
      test.stream.read(),
      test.stream.read(0),
      test.stream.read(),
      test.stream.read(5),
    ];
    expect(await Promise.all(reads)).toEqual(['a', 'b', EOF, EOF]);
    expect(await test.stream.read()).toBe(EOF);
  });

  it('gives what had arrived, then the same error for ever', async () => {
    const test = new TestInbox();
    test.arrive('a');
    test.inbox.end(failure);
    expect(await test.stream.read()).toBe('a');
    for (const limit of [undefined, 0, 10, Infinity] as number[]) {
      await expect(test.stream.read(limit)).rejects.toBe(failure);
    }
  });

  it('settles every waiting read', async () => {
    for (const outcome of OUTCOMES) {
      const test = new TestInbox();
      const fates = [test.stream.read(), test.stream.read(1000), test.inbox.next()].map(fateOf);
      test.inbox.end(outcome);
      await turn();
      for (const { state } of fates) expect(state).toBe(outcome === EOF ? 'resolved' : 'rejected');
      if (outcome === EOF)
        expect(fates.map((fate) => fate.value)).toEqual([EOF, EOF, { done: true }]);
      else for (const { value } of fates) expect(value).toBe(failure);
    }
  });

  it('keeps to its first outcome', async () => {
    const test = new TestInbox();
    test.inbox.end(EOF);
    test.inbox.end(failure);
    test.inbox.discard(failure);
    expect(await test.stream.read()).toBe(EOF);
  });

  it('takes nothing in after the end', async () => {
    const test = new TestInbox();
    test.inbox.end(EOF);
    test.arrive('too late');
    expect(test.inbox.queuedBytes).toBe(0);
    expect(await test.stream.read()).toBe(EOF);
  });

  it('drops what is unread when it is discarded, even while draining', async () => {
    for (const endFirst of [false, true]) {
      const test = new TestInbox();
      test.arrive('unread');
      if (endFirst) test.inbox.end(EOF);
      test.inbox.discard(failure);
      expect(test.inbox.queuedBytes).toBe(0);
      await expect(test.stream.read()).rejects.toBe(failure);
    }
  });

  it('never takes a failed read for an unhandled rejection', async () => {
    const test = new TestInbox();
    void test.stream.read();
    void test.stream.read(1000);
    void test.inbox.next();
    test.inbox.end(failure);
    void test.stream.read();
    void test.inbox.next();
    await turn();
    expect(test.asked).toBe(1);
  });
});

describe('an undecodable message', () => {
  it('fails the read that meets it and all later ones', async () => {
    const test = new TestInbox();
    test.arrive('fine');
    test.arrive(GARBLED.toString());
    test.arrive('after it');
    expect(await test.stream.read()).toBe('fine');
    await expect(test.stream.read()).rejects.toBe(test.undecodable);
    await expect(test.stream.read()).rejects.toBe(test.undecodable);
    expect(test.inbox.queuedBytes).toBe(0);
  });

  it('fails everybody who waits', async () => {
    const test = new TestInbox();
    const fates = [test.stream.read(), test.stream.read()].map(fateOf);
    test.arrive(GARBLED.toString());
    await turn();
    expect(fates.map((fate) => fate.value)).toEqual([test.undecodable, test.undecodable]);
    expect(test.asked).toBe(0);
  });

  it('outranks the end that came behind it', async () => {
    const test = new TestInbox();
    test.arrive(GARBLED.toString());
    test.inbox.end(EOF);
    void test.stream.read();
    await turn();
    await expect(test.stream.read()).rejects.toBe(test.undecodable);
  });
});
