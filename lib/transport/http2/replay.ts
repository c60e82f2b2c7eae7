import type { EncodedMessage } from '../../base/encoded-message.js';
/**
 * What a call has sent: all of it while it waits for a connection, then as long as it is little and
 * certain that no handler has seen any of it.
 */
export class Replay {
  readonly #maxBytes: number;
  #messages: EncodedMessage[] | undefined = [];
  #bytes = 0;

  /** @param maxBytes - above which it is given up once the call is open */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Everything sent so far; undefined if it was given up. */
  get messages(): readonly EncodedMessage[] | undefined {
    return this.#messages;
  }

  add(batch: readonly EncodedMessage[]): void {
    if (this.#messages === undefined) return;
    this.#messages.push(...batch);
    for (const { byteLength } of batch) this.#bytes += byteLength;
  }

  /** Gives it up if it is too much. */
  trim(): void {
    if (this.#bytes > this.#maxBytes) this.giveUp();
  }

  giveUp(): void {
    this.#messages = undefined;
  }
}
