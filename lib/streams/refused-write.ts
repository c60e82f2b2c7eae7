import { ignore } from '../base/deferred.js';

/**
 * The promise of a write that was refused. It never causes an `unhandledRejection`, and tells
 * when somebody awaits or chains it: a refusal that nobody saw would be a silent hole in the
 * stream. (`await` calls `then` on any promise whose constructor is not Promise itself.)
 */
export class RefusedWrite extends Promise<void> {
  #onSeen: (() => void) | undefined;

  /**
   * @param error - why the message was refused
   * @param onSeen - told, once, that somebody looks
   */
  static of(error: Error, onSeen: () => void): RefusedWrite {
    const refused = new RefusedWrite((_resolve, reject) => reject(error));
    void Promise.prototype.then.call(refused, undefined, ignore);
    refused.#onSeen = onSeen;
    return refused;
  }

  /** Promises derived from this one are ordinary. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: noticing the call is what this class is for
  override then<Fulfilled = void, Rejected = never>(
    // biome-ignore lint/suspicious/noConfusingVoidType: as the then of a Promise<void> has it
    onFulfilled?: ((value: void) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#onSeen?.();
    this.#onSeen = undefined;
    return super.then(onFulfilled, onRejected);
  }
}
