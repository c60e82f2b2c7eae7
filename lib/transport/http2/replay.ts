/** How much of an open call is kept for another try, in bytes. */
const MOST_BYTES = 256 * 1024;

/**
 * What a call has sent: all of it while it waits for a connection, then as long as it is little and
 * certain that no handler has seen any of it.
 */
export class Replay {
  #messages: Uint8Array[] | undefined = [];
  #bytes = 0;

  /** Everything sent so far; undefined if it was given up. */
  get messages(): readonly Uint8Array[] | undefined {
    return this.#messages;
  }

  add(batch: readonly Uint8Array[]): void {
    if (this.#messages === undefined) return;
    this.#messages.push(...batch);
    for (const { byteLength } of batch) this.#bytes += byteLength;
  }

  /** Gives it up if it is too much. */
  trim(): void {
    if (this.#bytes > MOST_BYTES) this.giveUp();
  }

  giveUp(): void {
    this.#messages = undefined;
  }
}
