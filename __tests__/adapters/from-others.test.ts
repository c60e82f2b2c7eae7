import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import {
  EOF,
  fromNodeReadable,
  fromNodeWritable,
  fromWebReadable,
  fromWebWritable,
  type ReadStream,
  RpcError,
  Status,
  select,
  type WriteStream,
} from 'tributary';
import { later, rejection, soon, turns } from '../stories/harness.js';

/** A foreign source that the test feeds, and our stream of it. */
interface Fed {
  readonly stream: ReadStream<number>;
  feed(n: number): void;
  end(): void;
  fail(error: Error): void;
  /** Whether it was told that nobody wants more. */
  left(): boolean;
}

const SOURCES: Record<string, () => Fed> = {
  'a Node stream': () => {
    const readable = new Readable({ objectMode: true, read() {} });
    return {
      stream: fromNodeReadable<number>(readable),
      feed: (n) => readable.push(n),
      end: () => readable.push(null),
      fail: (error) => readable.destroy(error),
      left: () => readable.destroyed,
    };
  },
  'a web stream': () => {
    let controller!: ReadableStreamDefaultController<number>;
    let cancelled = false;
    const readable = new ReadableStream<number>({
      start: (given) => {
        controller = given;
      },
      cancel: () => {
        cancelled = true;
      },
    });
    return {
      stream: fromWebReadable(readable),
      feed: (n) => controller.enqueue(n),
      end: () => controller.close(),
      fail: (error) => controller.error(error),
      left: () => cancelled,
    };
  },
};

describe.each(Object.entries(SOURCES))('reading %s', (_name, make) => {
  it('gives its messages, then EOF for ever', async () => {
    const source = make();
    for (const n of [1, 2, 3]) source.feed(n);
    source.end();
    expect(await source.stream.read()).toBe(1);
    expect(await source.stream.readBatch(2, 1_000)).toEqual([2, 3]);
    for (let i = 0; i < 3; i += 1) expect(await source.stream.read()).toBe(EOF);
  });

  it('reads with a timeout, and keeps what comes late', async () => {
    const source = make();
    expect(await source.stream.read(5)).toBeNull();
    expect(await source.stream.read(0)).toBeNull();
    source.feed(1);
    expect(await source.stream.read(1_000)).toBe(1);
    source.feed(2);
    await turns();
    expect(await source.stream.read(0)).toBe(2);
  });

  it('can be selected, beside others', async () => {
    const [a, b] = [make(), make()];
    expect(await select([a.stream, b.stream], 5)).toBeNull();
    b.feed(7);
    expect(await select([a.stream, b.stream], 1_000)).toMatchObject({ index: 1, message: 7 });
  });

  it('fails with its error as an RpcError, for ever', async () => {
    const source = make();
    const boom = new Error('boom');
    const reading = source.stream.read();
    source.fail(boom);
    for (const read of [reading, source.stream.read(), source.stream.read(5)]) {
      expect(await rejection(read)).toMatchObject({ code: Status.UNKNOWN, cause: boom });
    }
  });

  it('passes an RpcError on as it is', async () => {
    const source = make();
    const error = new RpcError(Status.NOT_FOUND, 'nobody here');
    source.fail(error);
    expect(await rejection(source.stream.read())).toBe(error);
  });

  it('tells the source when a loop is left, unless that is not to cancel', async () => {
    const source = make();
    for (const n of [1, 2, 3]) source.feed(n);
    for await (const n of source.stream.values({ preventCancel: true })) if (n === 1) break;
    expect(source.left()).toBe(false);
    for await (const n of source.stream) if (n === 2) break;
    expect(source.left()).toBe(true);
    expect(await rejection(source.stream.read())).toMatchObject({ code: Status.CANCELLED });
  });
});

describe('fromNodeReadable', () => {
  it('pulls no more than is read', async () => {
    let pulled = 0;
    const readable = new Readable({
      objectMode: true,
      highWaterMark: 2,
      read() {
        pulled += 1;
        this.push(pulled);
      },
    });
    const stream = fromNodeReadable<number>(readable);
    for (let n = 1; n < 10; n += 1) expect(await stream.read()).toBe(n);
    await turns();
    expect(pulled).toBeLessThan(14);
    readable.destroy();
  });

  it('is CANCELLED when the stream is destroyed before its end', async () => {
    const readable = new Readable({ objectMode: true, read() {} });
    const reading = fromNodeReadable(readable).read();
    readable.destroy();
    expect(await rejection(reading)).toMatchObject({ code: Status.CANCELLED });
    expect(await rejection(fromNodeReadable(readable).read())).toMatchObject({
      code: Status.CANCELLED,
    });
  });

  it('takes streams that are over already', async () => {
    const ended = Readable.from([]);
    ended.resume();
    await once(ended, 'close');
    expect(await fromNodeReadable(ended).read()).toBe(EOF);
    const failed = new Readable({ read() {} });
    failed.on('error', () => {});
    failed.destroy(new Error('boom'));
    await turns();
    expect(await rejection(fromNodeReadable(failed).read())).toMatchObject({ details: 'boom' });
  });
});

/** A foreign sink that takes messages when the test lets it, and our stream into it. */
interface Taking {
  readonly stream: WriteStream<number>;
  readonly taken: number[];
  /** Lets it take all. */
  go(): void;
  ended(): boolean;
  fail(error: Error): void;
  /** What it was aborted with. */
  aborted(): unknown;
}

const SINKS: Record<string, () => Taking> = {
  'a Node stream': () => {
    const taken: number[] = [];
    const gate = later();
    let ended = false;
    const writable = new Writable({
      objectMode: true,
      highWaterMark: 1,
      write: (n: number, _encoding, done) => {
        void gate.promise.then(() => {
          taken.push(n);
          done();
        });
      },
      final: (done) => {
        ended = true;
        done();
      },
    });
    return {
      stream: fromNodeWritable<number>(writable),
      taken,
      go: gate.resolve,
      ended: () => ended,
      fail: (error) => writable.destroy(error),
      aborted: () => writable.errored,
    };
  },
  'a web stream': () => {
    const taken: number[] = [];
    const gate = later();
    let ended = false;
    let reason: unknown;
    let controller!: WritableStreamDefaultController;
    const writable = new WritableStream<number>({
      start: (given) => {
        controller = given;
      },
      write: async (n) => {
        await gate.promise;
        taken.push(n);
      },
      close: () => {
        ended = true;
      },
      abort: (given) => {
        reason = given;
      },
    });
    return {
      stream: fromWebWritable(writable),
      taken,
      go: gate.resolve,
      ended: () => ended,
      fail: (error) => controller.error(error),
      aborted: () => reason,
    };
  },
};

describe.each(Object.entries(SINKS))('writing to %s', (_name, make) => {
  it('writes in order, awaited or not, and ends behind it all', async () => {
    const sink = make();
    sink.go();
    await sink.stream.write(1);
    void sink.stream.write(2);
    await sink.stream.writeAll([3, 4]);
    await soon(sink.stream.doneWriting(), 'the end');
    expect(sink.taken).toEqual([1, 2, 3, 4]);
    expect(sink.ended()).toBe(true);
    expect(await rejection(sink.stream.write(5))).toMatchObject({
      code: Status.FAILED_PRECONDITION,
    });
    await sink.stream.doneWriting();
  });

  it('waits when there is no room', async () => {
    const sink = make();
    let pulled = 0;
    const source = function* (): Generator<number> {
      for (; pulled < 20; pulled += 1) yield pulled;
    };
    const written = sink.stream.writeAll(source());
    await turns();
    expect(pulled).toBeLessThan(3);
    expect(sink.stream.canWriteMore).toBe(false);
    sink.go();
    await soon(written, 'all to be written');
    expect(pulled).toBe(20);
  });

  it('rejects pending and later writes with its error, as an RpcError', async () => {
    const sink = make();
    const boom = new Error('boom');
    const writes = [sink.stream.write(1), sink.stream.write(2), sink.stream.doneWriting()];
    sink.fail(boom);
    if (sink.taken.length === 0) sink.go();
    await turns();
    expect(await rejection(writes[2] as Promise<void>)).toMatchObject({ cause: boom });
    expect(await rejection(sink.stream.write(3))).toMatchObject({
      code: Status.UNKNOWN,
      cause: boom,
    });
  });

  it('is aborted by a source that fails', async () => {
    const sink = make();
    sink.go();
    const boom = new Error('boom');
    const source = async function* (): AsyncGenerator<number> {
      yield 1;
      throw boom;
    };
    expect(await rejection(sink.stream.writeAll(source()))).toBe(boom);
    await turns();
    expect(sink.aborted()).toBe(boom);
    expect(await rejection(sink.stream.write(2))).toMatchObject({ cause: boom });
  });
});

describe('fromNodeWritable', () => {
  it('refuses what a Node stream cannot carry, and goes on', async () => {
    const bytes = new PassThrough();
    const stream = fromNodeWritable<unknown>(bytes);
    await expect(stream.write({ n: 1 })).rejects.toThrow(
      new TypeError('a Node stream that is not in object mode takes strings and bytes, got { n }'),
    );
    await expect(stream.write(null)).rejects.toThrow(
      new TypeError('a Node stream cannot carry null'),
    );
    await stream.write('text');
    await stream.write(Buffer.from(' and bytes'));
    await stream.doneWriting();
    expect(Buffer.concat(await bytes.toArray()).toString()).toBe('text and bytes');
  });

  it('fails when somebody else ends or destroys it', async () => {
    const ended = new PassThrough({ objectMode: true });
    const stream = fromNodeWritable<number>(ended);
    ended.end();
    await once(ended, 'finish');
    expect(await rejection(stream.write(1))).toMatchObject({ code: Status.FAILED_PRECONDITION });

    const destroyed = new PassThrough({ objectMode: true });
    const other = fromNodeWritable<number>(destroyed);
    destroyed.destroy();
    await once(destroyed, 'close');
    expect(await rejection(other.doneWriting())).toMatchObject({ code: Status.CANCELLED });
    expect(await rejection(fromNodeWritable(destroyed).write(1))).toMatchObject({
      code: Status.CANCELLED,
    });
  });

  it('turns what its _write throws into an error of the stream', async () => {
    const boom = new Error('boom');
    const writable = new Writable({
      objectMode: true,
      write: () => {
        throw boom;
      },
    });
    expect(await rejection(fromNodeWritable(writable).write(1))).toMatchObject({ cause: boom });
  });
});

describe('what the adapters refuse', () => {
  it('anything that is no such stream, or is locked', () => {
    expect(() => fromNodeReadable({} as never)).toThrow(
      new TypeError('fromNodeReadable takes a Readable, got {}'),
    );
    expect(() => fromNodeWritable(null as never)).toThrow(
      new TypeError('fromNodeWritable takes a Writable, got null'),
    );
    expect(() => fromWebReadable('text' as never)).toThrow(
      new TypeError("fromWebReadable takes a ReadableStream, got 'text' (string)"),
    );
    expect(() => fromWebWritable(undefined as never)).toThrow(
      new TypeError('fromWebWritable takes a WritableStream, got undefined'),
    );
    const readable = new ReadableStream();
    readable.getReader();
    expect(() => fromWebReadable(readable)).toThrow(/locked/);
  });
});
