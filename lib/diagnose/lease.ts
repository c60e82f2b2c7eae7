import type { EOF } from '../streams/eof.js';
import type { InboxReader } from '../streams/inbox-reader.js';

/**
 * What a stream and its iterators read through, and nobody else has: once it is garbage-collected,
 * nobody can read or end the call any more.
 */
export class Lease<T> implements InboxReader<T> {
  readonly #inbox: InboxReader<T>;

  constructor(inbox: InboxReader<T>, onLost: () => void) {
    this.#inbox = inbox;
    lost.register(this, onLost);
  }

  read(timeout: number, signal: AbortSignal | undefined): Promise<T | null | EOF> {
    return this.#inbox.read(timeout, signal);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#inbox.next();
  }

  readBatch(
    max: number,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<T[] | EOF> {
    return this.#inbox.readBatch(max, timeout, signal);
  }

  ready(timeout: number, signal: AbortSignal | undefined): Promise<boolean> {
    return this.#inbox.ready(timeout, signal);
  }
}

const lost = new FinalizationRegistry<() => void>((onLost) => onLost());
