import type { EOF } from './eof.js';

/**
 * What those who read a stream see of its inbox. Time spans are milliseconds, Infinity for no
 * limit; a signal that aborts rejects with its reason. Neither consumes anything.
 */
export interface InboxReader<T> {
  /** The next message or the outcome; `null` if the time passes first. */
  read(timeout: number, signal: AbortSignal | undefined): Promise<T | null | EOF>;
  /** The next message as an iterator gives it. */
  next(): Promise<IteratorResult<T, undefined>>;
  /**
   * Up to `max` messages: as many, or what is there when the time has passed, or what was left at
   * the end; `[]` if that is nothing, the outcome if nothing can come. With no timeout at all it
   * waits for the first and takes what is there then.
   */
  readBatch(
    max: number,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<T[] | EOF>;
  /**
   * `true` once a new read would be answered at once, be it by the outcome; `false` if the time
   * passes first. Consumes nothing.
   */
  ready(timeout: number, signal: AbortSignal | undefined): Promise<boolean>;
}
