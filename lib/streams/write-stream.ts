import { rejectedQuietly } from '../base/deferred.js';
import { describeValue } from '../base/describe-value.js';
import type { Outbox } from './outbox.js';
import { isSource, type Source } from './source.js';
import { WatchedPromise } from './watched-promise.js';
import { RefusalError, SourceError, writeAll } from './write-all.js';

/**
 * The writing end of a stream.
 *
 * All methods may be called concurrently and un-awaited; messages keep the order of the calls.
 * Failures that the reader reports too never become an `unhandledRejection`.
 */
export interface WriteStream<T> {
  /**
   * Sends a message. It is encoded at once, so changing the object afterwards changes nothing.
   * Resolves when the message is accepted and there is room for more (backpressure).
   *
   * Rejects with a `TypeError` or `RangeError` naming the field when the message does not fit its
   * type, and with RESOURCE_EXHAUSTED when it was not awaited and `maxBufferedBytes` are waiting:
   * the message was not sent and the call lives on. After the call has ended it rejects with the
   * call's error or, after an OK, with FAILED_PRECONDITION; after `doneWriting()` with
   * FAILED_PRECONDITION, which leaves the call alone.
   */
  write(message: T): Promise<void>;
  /**
   * Writes everything that `source` gives, pulled with backpressure. Rejects with the source's own
   * exception (which also ends the call), a refused message's error or the call's; the source's
   * `return()` is called when it was not exhausted.
   */
  writeAll(source: Source<T>): Promise<void>;
  /**
   * Says that no more will come, behind all that was written and every `writeAll` begun before;
   * idempotent. On a client it half-closes, and replies can still be read. On a server it ends the
   * call with OK. Resolves when all is sent; rejects if a refused write was never looked at (the
   * call is then cancelled), or if the call ends first.
   */
  doneWriting(): Promise<void>;
  /** Whether there is room: whether a write now has to wait for nothing that was written before. */
  readonly canWriteMore: boolean;
}

/** What a WriteStream's `writeAll` does; `sourceFailed` is told what the source threw. */
export function writeAllTo<T>(
  outbox: Pick<Outbox<T>, 'attachSource' | 'noteRefusal'>,
  source: Source<T>,
  sourceFailed: (thrown: unknown) => void,
): Promise<void> {
  if (!isSource(source)) {
    const got = describeValue(source);
    return rejectedQuietly(
      new TypeError(`writeAll takes an iterable or async iterable of messages, got ${got}`),
    );
  }
  const written = new WatchedPromise((resolve, reject) => {
    writeAll(outbox, source, { holdsOpen: true }).then(resolve, (error: unknown) => {
      if (error instanceof SourceError) sourceFailed(error.cause);
      if (error instanceof RefusalError) outbox.noteRefusal(error.cause as Error, written);
      const wrapped = error instanceof SourceError || error instanceof RefusalError;
      reject(wrapped ? error.cause : error);
    });
  });
  return written;
}
