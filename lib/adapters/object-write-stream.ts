import { Deferred, ignore } from '../base/deferred.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { Outbox } from '../streams/outbox.js';
import type { Source } from '../streams/source.js';
import { type WriteStream, writeAllTo } from '../streams/write-stream.js';
import { Boxed } from './boxed.js';

/** Where an ObjectWriteStream writes to. */
export interface ObjectSink<T> {
  /** Throws a TypeError for a message that it cannot take. */
  check?(message: T): void;
  /** Takes messages in order. Calls `sent` once, later, when there is room for more. */
  send(batch: readonly Boxed<T>[], sent: () => void): void;
  /** No more will come; whoever made the stream tells it by `finish` when all has gone. */
  end(): void;
  /** The messages that were to come will not: what fed them failed. */
  abort(reason: unknown): void;
}

/**
 * A WriteStream into something else than a call of ours. `write` waits until the sink has room
 * after its message. As nobody knows the sizes, un-awaited writes are not bounded.
 */
export class ObjectWriteStream<T> implements WriteStream<T> {
  readonly #outbox: Outbox<T, Boxed<T>>;
  readonly #sink: ObjectSink<T>;
  readonly #finished = new Deferred<void>();
  #over = false;
  #done: Promise<void> | undefined;

  constructor(sink: ObjectSink<T>) {
    this.#sink = sink;
    this.#outbox = new Outbox<T, Boxed<T>>({
      sink: { send: (batch, sent) => sink.send(batch, sent), halfClose: () => sink.end() },
      highWaterMark: 1,
      maxBufferedBytes: Infinity,
      encode: (message) => {
        sink.check?.(message);
        return new Boxed(message);
      },
      unseenRefusal: (error) => sink.abort(error),
    });
  }

  get canWriteMore(): boolean {
    return this.#outbox.canWriteMore;
  }

  write(message: T): Promise<void> {
    return this.#outbox.write(message);
  }

  writeAll(source: Source<T>): Promise<void> {
    return writeAllTo(this.#outbox, source, (thrown) => this.#sink.abort(thrown));
  }

  doneWriting(): Promise<void> {
    this.#done ??= this.#close();
    return this.#done;
  }

  /** The sink has all and has ended well; failures no longer matter. */
  finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#finished.resolve();
    // Only somebody else can have ended it before `doneWriting()` was called.
    if (this.#done === undefined) this.#outbox.fail(endedElsewhere());
  }

  /** The sink has failed: pending and later writes reject with this error. */
  fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#outbox.fail(error);
    this.#finished.rejectQuietly(error);
  }

  #close(): Promise<void> {
    const closed = this.#outbox.close().then(() => this.#finished.promise);
    closed.catch(ignore);
    return closed;
  }
}

function endedElsewhere(): RpcError {
  return new RpcError(
    Status.FAILED_PRECONDITION,
    'the stream has already been ended; the message was not sent',
  );
}
