import { checkOptions } from '../base/check.js';
import { rejectedQuietly } from '../base/deferred.js';
import type { EOF } from './eof.js';
import { type ForEachOptions, forEachMessage } from './for-each.js';
import type { InboxReader } from './inbox-reader.js';
import { MessageIterator } from './message-iterator.js';
import { batchSize, type ReadOptions, readLimits } from './read-options.js';

/**
 * The reading end of a stream: messages in order, then `EOF`, or the error that ended the call.
 *
 * All methods may be called concurrently; reads are answered first come, first served. Messages
 * are pulled: what waits unread is bounded in bytes, and a slow reader slows the remote writer.
 * Everything that arrived before an error is delivered before the error. `EOF` and the error are
 * repeated for ever.
 */
export interface ReadStream<T> extends AsyncIterable<T> {
  /** The next message, or `EOF`. Rejects with the `RpcError` that ended the call. */
  read(): Promise<T | EOF>;
  /**
   * The next message, `EOF`, or `null` if none came within `timeout` milliseconds; 0 polls. A read
   * that times out consumes nothing: the late message is the next read's.
   */
  read(timeout: number): Promise<T | null | EOF>;
  /** As `read()`; an abort of `signal` rejects with its reason and consumes nothing. */
  read(options: ReadOptions & { readonly timeout?: undefined }): Promise<T | EOF>;
  /** As `read(timeout)`, and called off by `signal` as well. */
  read(options: ReadOptions): Promise<T | null | EOF>;
  /**
   * Up to `max` messages at once, in order. Without a timeout it waits for the first and takes what
   * has come with it. With `timeout` milliseconds it waits for `max` messages that long, and gives
   * what is there then: `[]` if nothing came, 0 polls, Infinity waits for all `max`. Less than `max`
   * is left at the end: that, then `EOF`, or what came before an error, then the error. An abort of
   * `signal` consumes nothing. While it waits it keeps up to `max` messages, whatever
   * `prefetchBytes` says, and reads begun later wait for theirs.
   */
  readBatch(max: number, limit?: number | ReadOptions): Promise<T[] | EOF>;
  /**
   * Waits until a read would be answered at once, by a message, `EOF` or an error, and consumes
   * nothing: `true` then, `false` if `timeout` milliseconds pass first. Another reader may still be
   * faster. For `select` and the like.
   */
  ready(limit?: number | ReadOptions): Promise<boolean>;
  /**
   * An iterator over what is still to come. Leaving the loop early cancels a client's call (on a
   * server it stops taking requests), unless `preventCancel` is set.
   */
  values(options?: { preventCancel?: boolean | undefined }): AsyncIterableIterator<T>;
  /**
   * Calls `fn` with every message, at most `concurrency` (1) at a time. Resolves when the stream
   * has ended and every call is done; rejects with the first error of `fn`, after which it has
   * stopped reading as a left loop does, or with the stream's error. With `ordered`, a function that
   * `fn` gives is its second step, called in the order of the messages: see `ForEachOptions`.
   */
  forEach(fn: (message: T) => unknown, options?: ForEachOptions): Promise<void>;
}

/** A ReadStream over an inbox. */
export class InboxReadStream<T> implements ReadStream<T> {
  readonly #inbox: InboxReader<T>;
  readonly #onLeave: () => void;

  /** @param onLeave - told that a loop over the messages was left before the end */
  constructor(inbox: InboxReader<T>, onLeave: () => void) {
    this.#inbox = inbox;
    this.#onLeave = onLeave;
  }

  read(limit?: ReadOptions & { readonly timeout?: undefined }): Promise<T | EOF>;
  read(limit: number | ReadOptions): Promise<T | null | EOF>;
  read(limit?: number | ReadOptions): Promise<T | null | EOF> {
    if (limit === undefined) return this.#inbox.read(Infinity, undefined);
    try {
      const { timeout = Infinity, signal } = readLimits('read', limit);
      return this.#inbox.read(timeout, signal);
    } catch (misuse) {
      return rejectedQuietly(misuse);
    }
  }

  readBatch(max: number, limit: number | ReadOptions = {}): Promise<T[] | EOF> {
    try {
      const { timeout, signal } = readLimits('readBatch', limit);
      return this.#inbox.readBatch(batchSize(max), timeout, signal);
    } catch (misuse) {
      return rejectedQuietly(misuse);
    }
  }

  ready(limit: number | ReadOptions = {}): Promise<boolean> {
    try {
      const { timeout = Infinity, signal } = readLimits('ready', limit);
      return this.#inbox.ready(timeout, signal);
    } catch (misuse) {
      return rejectedQuietly(misuse);
    }
  }

  values(options?: { preventCancel?: boolean | undefined }): AsyncIterableIterator<T> {
    if (options !== undefined) checkOptions('values()', options, ['preventCancel']);
    const leave = options?.preventCancel === true ? undefined : this.#onLeave;
    return new MessageIterator(this.#inbox, leave);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new MessageIterator(this.#inbox, this.#onLeave);
  }

  forEach(fn: (message: T) => unknown, options?: ForEachOptions): Promise<void> {
    return forEachMessage(this, fn, this.#onLeave, options);
  }
}
