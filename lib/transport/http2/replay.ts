import type { EncodedMessage } from '../../base/encoded-message.js';

/** What the calls of a client may keep together, in bytes. */
const TOGETHER = 16 * 1024 * 1024;

/** What the calls of a client keep for another try; sizes in bytes. */
export class ReplayBudget {
  /** Above which a call keeps nothing more once it is open. */
  readonly each: number;
  readonly together: number;
  kept = 0;

  constructor(each: number) {
    this.each = each;
    this.together = Math.max(each, TOGETHER);
  }
}

/**
 * What a call has sent: all of it while it waits for a connection, then as long as it is little and
 * certain that no handler has seen any of it.
 */
export class Replay {
  readonly #budget: ReplayBudget;
  #messages: EncodedMessage[] | undefined = [];
  #bytes = 0;

  constructor(budget: ReplayBudget) {
    this.#budget = budget;
  }

  /** Everything sent so far; undefined if it was given up. */
  get messages(): readonly EncodedMessage[] | undefined {
    return this.#messages;
  }

  add(batch: readonly EncodedMessage[]): void {
    if (this.#messages === undefined) return;
    this.#messages.push(...batch);
    let bytes = 0;
    for (const { byteLength } of batch) bytes += byteLength;
    this.#bytes += bytes;
    this.#budget.kept += bytes;
  }

  /** Gives it up if it is too much, by itself or with that of the other calls. */
  trim(): void {
    const { each, together, kept } = this.#budget;
    if (this.#bytes > each || kept > together) this.giveUp();
  }

  /** Keeps nothing any more; also to be called when the call is over. */
  giveUp(): void {
    this.#messages = undefined;
    this.#budget.kept -= this.#bytes;
    this.#bytes = 0;
  }
}
