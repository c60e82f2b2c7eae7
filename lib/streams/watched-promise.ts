import { ignore } from '../base/deferred.js';

/**
 * The promise of a write whose refusal must not go unnoticed: it tells when somebody first awaits
 * or chains it. (`await` calls `then` on any promise whose constructor is not Promise itself.) Its
 * rejection never becomes an `unhandledRejection`.
 */
export class WatchedPromise extends Promise<void> {
  #seen = false;
  #onSeen: (() => void) | undefined;

  constructor(executor: ConstructorParameters<typeof Promise<void>>[0]) {
    super(executor);
    void super.then(undefined, ignore);
  }

  /** Promises derived from this one are ordinary. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** Calls `listener` when somebody looks; not at all if somebody has. */
  whenSeen(listener: () => void): void {
    if (!this.#seen) this.#onSeen = listener;
  }

  /** Whether anybody has looked. */
  get seen(): boolean {
    return this.#seen;
  }

  // biome-ignore lint/suspicious/noThenProperty: noticing the call is what this class is for
  override then<Fulfilled = void, Rejected = never>(
    // biome-ignore lint/suspicious/noConfusingVoidType: as the then of a Promise<void> has it
    onFulfilled?: ((value: void) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#seen = true;
    this.#onSeen?.();
    this.#onSeen = undefined;
    return super.then(onFulfilled, onRejected);
  }
}
