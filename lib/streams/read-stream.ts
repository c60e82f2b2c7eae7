import { checkMilliseconds, checkOptions, checkSignal } from '../base/check.js';
import { rejectedQuietly } from '../base/deferred.js';
import { describeValue } from '../base/describe-value.js';
import type { EOF } from './eof.js';
import { type ForEachOptions, forEachMessage } from './for-each.js';
import type { Inbox } from './inbox.js';
import { MessageIterator } from './message-iterator.js';

/** How long a read waits, and what may call it off. */
export interface ReadOptions {
  /** Milliseconds until the read gives `null`; 0 polls, Infinity waits without limit. */
  readonly timeout?: number | undefined;
  /** Rejects the read with the signal's reason when it aborts; nothing is consumed. */
  readonly signal?: AbortSignal | undefined;
}

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
  /** As `read(timeout)`; an abort of `signal` rejects with its reason and consumes nothing. */
  read(options: ReadOptions): Promise<T | null | EOF>;
  /**
   * An iterator over what is still to come. Leaving the loop early cancels a client's call (on a
   * server it stops taking requests), unless `preventCancel` is set.
   */
  values(options?: { preventCancel?: boolean | undefined }): AsyncIterableIterator<T>;
  /**
   * Calls `fn` with every message, at most `concurrency` (1) at a time. Resolves when the stream
   * has ended and every call is done; rejects with the first error of `fn`, after which it has
   * stopped reading as a left loop does, or with the stream's error.
   */
  forEach(fn: (message: T) => unknown, options?: ForEachOptions): Promise<void>;
}

/** A ReadStream over an inbox. */
export class InboxReadStream<T> implements ReadStream<T> {
  readonly #inbox: Inbox<T>;
  readonly #onLeave: () => void;

  /** @param onLeave - told that a loop over the messages was left before the end */
  constructor(inbox: Inbox<T>, onLeave: () => void) {
    this.#inbox = inbox;
    this.#onLeave = onLeave;
  }

  read(): Promise<T | EOF>;
  read(limit: number | ReadOptions): Promise<T | null | EOF>;
  read(limit?: number | ReadOptions): Promise<T | null | EOF> {
    if (limit === undefined) return this.#inbox.read(Infinity, undefined);
    try {
      const { timeout, signal } = readLimits(limit);
      return this.#inbox.read(timeout, signal);
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

function readLimits(limit: number | ReadOptions): {
  timeout: number;
  signal: AbortSignal | undefined;
} {
  if (typeof limit === 'number') {
    checkMilliseconds('read timeout', limit);
    return { timeout: limit, signal: undefined };
  }
  if (typeof limit !== 'object' || limit === null) {
    throw new TypeError(
      `read takes a timeout in milliseconds or { timeout, signal }, got ${describeValue(limit)}`,
    );
  }
  checkOptions('read()', limit, ['timeout', 'signal']);
  const { timeout = Infinity, signal } = limit;
  checkMilliseconds('read timeout', timeout);
  if (signal !== undefined) checkSignal('read signal', signal);
  return { timeout, signal };
}
