import type { InboxReader } from './inbox-reader.js';

/** The iterator of a `for await` over a stream; `return` and `throw` leave the loop. */
export class MessageIterator<T> implements AsyncIterableIterator<T> {
  readonly #inbox: InboxReader<T>;
  readonly #onLeave: (() => void) | undefined;
  #left = false;

  /** @param onLeave - told that the loop was left; nobody is told if it is undefined */
  constructor(inbox: InboxReader<T>, onLeave: (() => void) | undefined) {
    this.#inbox = inbox;
    this.#onLeave = onLeave;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#left) return Promise.resolve({ value: undefined, done: true });
    return this.#inbox.next();
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#leave();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#leave();
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#onLeave?.();
  }
}
