import type { Parcel } from './test-outbox.js';

/** A source that counts what is pulled from it and notes that it was closed. */
export class Counted {
  pulled = 0;
  closed = 0;
  /** @param stuckAt - the message that never comes */
  constructor(
    readonly texts: string[],
    readonly stuckAt = Infinity,
  ) {}

  *sync(): Generator<Parcel> {
    try {
      for (const text of this.texts) {
        this.pulled += 1;
        yield { text };
      }
    } finally {
      this.closed += 1;
    }
  }

  /** An async iterator by hand: unlike a generator it can be closed while it is waited for. */
  async(): AsyncIterable<Parcel> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const text = this.texts[this.pulled];
          this.pulled += 1;
          if (this.pulled > this.stuckAt) await new Promise(() => {});
          return text === undefined ? { value: undefined, done: true } : { value: { text } };
        },
        return: async () => {
          this.closed += 1;
          return { value: undefined, done: true };
        },
      }),
    } as AsyncIterable<Parcel>;
  }
}
