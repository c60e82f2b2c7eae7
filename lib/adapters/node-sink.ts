import type { Writable } from 'node:stream';
import { describeValue } from '../base/describe-value.js';
import type { Boxed } from './boxed.js';

/** Writes into a Node stream, and waits for its 'drain' when it is told to. */
export class NodeSink<T> {
  readonly #writable: Writable;
  readonly #waiting: (() => void)[] = [];

  constructor(writable: Writable) {
    this.#writable = writable;
    writable.on('drain', () => {
      for (const sent of this.#waiting.splice(0)) sent();
    });
  }

  check(message: T): void {
    if (message === null || message === undefined) {
      throw new TypeError(`a Node stream cannot carry ${describeValue(message)}`);
    }
    if (this.#writable.writableObjectMode) return;
    if (typeof message === 'string' || ArrayBuffer.isView(message)) return;
    throw new TypeError(
      `a Node stream that is not in object mode takes strings and bytes, got ${describeValue(message)}`,
    );
  }

  send(batch: readonly Boxed<T>[], sent: () => void): void {
    let more = true;
    for (const { message } of batch) more = this.#write(message);
    if (more && this.#waiting.length === 0) process.nextTick(sent);
    else this.#waiting.push(sent);
  }

  end(): void {
    this.#writable.end();
  }

  #write(message: T): boolean {
    try {
      return this.#writable.write(message);
    } catch (thrown) {
      this.#writable.destroy(thrown as Error);
      return false;
    }
  }
}
