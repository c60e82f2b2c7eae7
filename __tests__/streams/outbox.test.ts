import { describe, expect, it } from '@jest/globals';
import { EncodedMessage } from '../../lib/base/encoded-message.js';
import { RpcError } from '../../lib/status/rpc-error.js';
import { Status } from '../../lib/status/status.js';
import { Outbox, ROOM } from '../../lib/streams/outbox.js';
import { ofSize, TestOutbox } from './test-outbox.js';
import { fateOf, turn } from './turn.js';

const failure = new Error('the call failed');

describe('sending', () => {
  it('sends a lone message at the end of the microtask', async () => {
    const test = new TestOutbox();
    void test.write('a');
    expect(test.batches).toEqual([]);
    await Promise.resolve();
    expect(test.batches).toEqual([['a']]);
  });

  it('joins what is written in one turn, in order', async () => {
    const test = new TestOutbox();
    for (const text of ['a', 'b', 'c']) void test.write(text);
    await turn();
    expect(test.batches).toEqual([['a', 'b', 'c']]);
  });

  it('gathers while a batch is on its way, and sends when that has been sent', async () => {
    const test = new TestOutbox();
    await test.write('a');
    await test.write('b');
    await test.write('c');
    await turn();
    expect(test.batches).toEqual([['a']]);
    test.confirm();
    expect(test.batches).toEqual([['a'], ['b', 'c']]);
    test.confirm();
    expect(test.batches).toHaveLength(2);
  });

  it('sends a second batch behind one on its way when 32 KiB wait', async () => {
    const test = new TestOutbox({ highWaterMark: 2 ** 20, maxBufferedBytes: 2 ** 20 });
    await test.write('a');
    await test.write(ofSize(32 * 1024 - 1));
    await turn();
    expect(test.batches).toHaveLength(1);
    await test.write('');
    expect(test.batches.map((batch) => batch.length)).toEqual([1, 2]);
    test.confirmAll();
    expect(test.outbox.bufferedBytes).toBe(0);
  });

  it('encodes at once: changing the object afterwards changes nothing', async () => {
    const test = new TestOutbox();
    const parcel = { text: 'as it was' };
    void test.outbox.write(parcel);
    parcel.text = 'changed';
    await turn();
    expect(test.sent).toEqual(['as it was']);
  });
});

describe('room', () => {
  it('is one shared promise for every write while there is some', async () => {
    const test = new TestOutbox({ highWaterMark: 30 });
    expect(test.write(ofSize(10))).toBe(ROOM);
    expect(test.write(ofSize(10))).toBe(ROOM);
    expect(test.write(ofSize(10))).not.toBe(ROOM);
    await turn();
    test.confirmAll();
  });

  it('is waited for from highWaterMark on, until less is buffered', async () => {
    const test = new TestOutbox({ highWaterMark: 30 });
    void test.write(ofSize(20));
    await Promise.resolve();
    const fates = [test.write(ofSize(10)), test.write(ofSize(10))].map(fateOf);
    expect(test.outbox.canWriteMore).toBe(false);
    expect(test.outbox.bufferedBytes).toBe(40);
    await turn();
    expect(fates[0]?.state).toBe('pending');
    test.confirm();
    expect(test.outbox.canWriteMore).toBe(true);
    await turn();
    expect(fates.map((fate) => fate.state)).toEqual(['resolved', 'resolved']);
  });

  it('is given once for each time that it ran out', async () => {
    const test = new TestOutbox({ highWaterMark: 10 });
    for (let i = 0; i < 5; i += 1) {
      const fate = fateOf(test.write(ofSize(10)));
      await turn();
      expect(fate.state).toBe('pending');
      test.confirm();
      await turn();
      expect(fate.state).toBe('resolved');
    }
  });

  it('is always there for one message, whatever its size', async () => {
    const test = new TestOutbox({ highWaterMark: 10, maxBufferedBytes: 20 });
    const huge = fateOf(test.write(ofSize(5000)));
    await turn();
    expect(test.sent).toHaveLength(1);
    expect(huge.state).toBe('pending');
    test.confirm();
    await turn();
    expect(huge.state).toBe('resolved');
  });

  it('is never refused to who awaits each write', async () => {
    for (const limits of [
      { highWaterMark: 100, maxBufferedBytes: 120 },
      { highWaterMark: 100, maxBufferedBytes: 30 },
    ]) {
      const test = new TestOutbox(limits);
      for (const size of [20, 200, 15, 15, 15, 300]) {
        const fate = fateOf(test.write(ofSize(size)));
        await turn();
        while (fate.state === 'pending') {
          test.confirm();
          await turn();
        }
        expect(fate).toEqual({ state: 'resolved', value: undefined });
      }
      test.confirmAll();
      expect(test.sent).toHaveLength(6);
      expect(test.outbox.bufferedBytes).toBe(0);
    }
  });
});

describe('a refused write', () => {
  it('leaves the call alone when somebody looks', async () => {
    const test = new TestOutbox();
    await expect(test.write('misfit')).rejects.toThrow(new TypeError('text: does not fit'));
    await test.write('fine');
    const closed = test.outbox.close();
    test.confirmAll();
    await closed;
    expect(test.sent).toEqual(['fine']);
    expect(test.unseen).toEqual([]);
    expect(test.halfCloses).toBe(1);
  });

  it('is what an un-awaited write beyond maxBufferedBytes gets', async () => {
    const test = new TestOutbox({ highWaterMark: 10, maxBufferedBytes: 40 });
    const accepted = [test.write(ofSize(20, 'a')), test.write(ofSize(20, 'b'))].map(fateOf);
    const refused = fateOf(test.write(ofSize(6)));
    await turn();
    expect(refused.value).toBeInstanceOf(RpcError);
    expect(refused.value).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      details:
        'write() of 6 bytes refused: 40 bytes wait to be sent and maxBufferedBytes is 40; ' +
        'await each write() to let the peer keep up',
    });
    test.confirmAll();
    await turn();
    expect(accepted.map((fate) => fate.state)).toEqual(['resolved', 'resolved']);
    expect(test.sent).toEqual([ofSize(20, 'a'), ofSize(20, 'b')]);
  });

  it('makes close() reject with it when nobody looked', async () => {
    const test = new TestOutbox();
    void test.write('misfit');
    void test.write('fine');
    await expect(test.outbox.close()).rejects.toThrow('text: does not fit');
    expect(test.unseen.map(String)).toEqual(['TypeError: text: does not fit']);
    expect(test.halfCloses).toBe(0);
  });

  it('is the one that nobody looked at, though another was seen', async () => {
    const test = new TestOutbox({ highWaterMark: 10, maxBufferedBytes: 20 });
    void test.write('misfit');
    void test.write(ofSize(20));
    await expect(test.write(ofSize(10))).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    await expect(test.outbox.close()).rejects.toThrow('text: does not fit');
    expect(test.unseen).toHaveLength(1);
  });

  it('may be looked at in the same turn as close()', async () => {
    const test = new TestOutbox();
    const write = test.write('misfit');
    const closed = fateOf(test.outbox.close());
    await expect(write).rejects.toThrow(TypeError);
    await turn();
    await turn();
    expect(closed).toEqual({ state: 'resolved', value: undefined });
    expect(test.halfCloses).toBe(1);
  });

  it('is not told of twice when the call fails before the judgement', async () => {
    const test = new TestOutbox();
    void test.write('misfit');
    const closed = test.outbox.close();
    test.outbox.fail(failure);
    await expect(closed).rejects.toThrow('text: does not fit');
    expect(test.unseen).toEqual([]);
  });

  it('does not hide that the call failed, once it was looked at', async () => {
    const test = new TestOutbox();
    const write = test.write('misfit');
    const closed = test.outbox.close();
    test.outbox.fail(failure);
    await expect(write).rejects.toThrow(TypeError);
    await expect(closed).rejects.toBe(failure);
    expect(test.halfCloses).toBe(0);
  });

  it('keeps misuse as it is and makes everything else an RpcError', async () => {
    const odd = new RpcError(Status.DATA_LOSS, 'from the codec');
    const cases: [unknown, unknown][] = [
      [new RangeError('n: too big'), new RangeError('n: too big')],
      [odd, odd],
      [new Error('boom'), new RpcError(Status.INTERNAL, 'the message could not be encoded: boom')],
      ['words', new RpcError(Status.INTERNAL, 'the message could not be encoded: words')],
    ];
    for (const [thrown, expected] of cases) {
      const outbox = new Outbox<string>({
        ...{ sink: { send() {}, halfClose() {} }, highWaterMark: 9, maxBufferedBytes: 9 },
        encode: () => {
          throw thrown;
        },
        unseenRefusal() {},
      });
      const fate = fateOf(outbox.write('x'));
      await turn();
      expect(fate.value).toEqual(expected);
      if (fate.value !== thrown && RpcError.is(fate.value)) expect(fate.value.cause).toBe(thrown);
    }
  });
});

describe('close()', () => {
  it('half-closes behind everything, and resolves when all was sent', async () => {
    const test = new TestOutbox();
    void test.write('a');
    const closed = fateOf(test.outbox.close());
    expect(test.sent).toEqual(['a']);
    expect(test.halfCloses).toBe(1);
    await turn();
    expect(closed.state).toBe('pending');
    test.confirm();
    await turn();
    expect(closed.state).toBe('resolved');
  });

  it('is idempotent', async () => {
    const test = new TestOutbox();
    const first = test.outbox.close();
    expect(test.outbox.close()).toBe(first);
    await first;
    test.outbox.fail(failure);
    await test.outbox.close();
    expect(test.halfCloses).toBe(1);
  });

  it('lets writes that wait for room have it', async () => {
    const test = new TestOutbox({ highWaterMark: 10 });
    const write = fateOf(test.write(ofSize(50)));
    void test.outbox.close();
    test.confirmAll();
    await turn();
    expect(write.state).toBe('resolved');
  });

  it('refuses later writes and lives on', async () => {
    const test = new TestOutbox();
    const closed = test.outbox.close();
    for (const late of [
      test.write('late'),
      test.outbox.writeEncoded(EncodedMessage.of(Buffer.from('late'))),
    ]) {
      await expect(late).rejects.toMatchObject({
        code: Status.FAILED_PRECONDITION,
        details: 'write() after doneWriting(); the message was not sent',
      });
    }
    expect(test.outbox.canWriteMore).toBe(false);
    await closed;
    await turn();
    expect(test.sent).toEqual([]);
    expect(test.unseen).toEqual([]);
  });

  it('rejects when the call ends before all was sent, or has ended', async () => {
    const before = new TestOutbox();
    void before.write('a');
    const closed = before.outbox.close();
    before.outbox.fail(failure);
    await expect(closed).rejects.toBe(failure);

    const after = new TestOutbox();
    after.outbox.fail(failure);
    await expect(after.outbox.close()).rejects.toBe(failure);
    expect(after.halfCloses).toBe(0);
  });
});

describe('fail()', () => {
  it('rejects what waits and what comes later with the same error', async () => {
    const test = new TestOutbox({ highWaterMark: 10 });
    const waiting = [test.write(ofSize(20)), test.outbox.sent()].map(fateOf);
    test.outbox.fail(failure);
    test.outbox.fail(new Error('a second one'));
    const later = [
      test.write('x'),
      test.outbox.writeEncoded(EncodedMessage.of(Buffer.of(1))),
      test.outbox.sent(),
    ];
    const fates = [...waiting, ...later.map(fateOf)];
    await turn();
    for (const fate of fates) expect(fate).toEqual({ state: 'rejected', value: failure });
    expect(test.outbox.canWriteMore).toBe(false);
    expect(test.outbox.bufferedBytes).toBe(0);
  });

  it('drops what was not sent', async () => {
    const test = new TestOutbox();
    void test.write('a');
    test.outbox.fail(failure);
    await turn();
    expect(test.sent).toEqual([]);
  });

  it('takes no notice of batches that are sent after all', async () => {
    const test = new TestOutbox({ highWaterMark: 10 });
    void test.write(ofSize(20));
    void test.write(ofSize(20));
    await turn();
    test.outbox.fail(failure);
    test.confirmAll();
    expect(test.outbox.bufferedBytes).toBe(0);
    expect(test.batches).toHaveLength(1);
  });

  it('never makes an unhandled rejection', async () => {
    const test = new TestOutbox({ highWaterMark: 10, maxBufferedBytes: 50 });
    void test.write(ofSize(20));
    void test.outbox.sent();
    void test.write(ofSize(90));
    void test.write('misfit');
    void test.outbox.close();
    await turn();
    test.outbox.fail(failure);
    void test.write('late');
    void test.outbox.sent();
    await turn();
    expect(test.unseen).toHaveLength(1);
  });
});

describe('sent()', () => {
  it('resolves when nothing accepted is left unsent', async () => {
    const test = new TestOutbox();
    await test.outbox.sent();
    void test.write('a');
    const all = [test.outbox.sent(), test.outbox.sent()].map(fateOf);
    await turn();
    void test.write('b');
    test.confirm();
    await turn();
    expect(all.map((fate) => fate.state)).toEqual(['pending', 'pending']);
    test.confirm();
    await turn();
    expect(all.map((fate) => fate.state)).toEqual(['resolved', 'resolved']);
  });
});

describe('attachSource()', () => {
  it('tells each listener once, at once if the call has ended', () => {
    const test = new TestOutbox();
    const told: unknown[] = [];
    test.outbox.attachSource((error) => told.push(['first', error]), false);
    test.outbox.attachSource(() => told.push('left'), true).leave();
    test.outbox.fail(failure);
    test.outbox.attachSource((error) => told.push(['late', error]), true).leave();
    expect(told).toEqual([
      ['first', failure],
      ['late', failure],
    ]);
  });

  it('holds the outbox open for a source that asks for it, and only for its writes', async () => {
    const test = new TestOutbox();
    const place = test.outbox.attachSource(() => {}, true);
    const closed = fateOf(test.outbox.close());
    await expect(test.outbox.write({ text: 'late' })).rejects.toMatchObject({ code: 9 });
    await place.write({ text: 'a' });
    test.confirmAll();
    await turn();
    expect([closed.state, test.sent, test.halfCloses]).toEqual(['pending', ['a'], 0]);
    place.leave();
    await turn();
    expect([closed.state, test.halfCloses]).toEqual(['resolved', 1]);
  });

  it('is told when the call ends while the outbox waits for it', async () => {
    const test = new TestOutbox();
    const told: unknown[] = [];
    test.outbox.attachSource((error) => told.push(error), true);
    const closed = fateOf(test.outbox.close());
    test.outbox.fail(failure);
    await turn();
    expect([closed.state, closed.value, told]).toEqual(['rejected', failure, [failure]]);
  });
});
