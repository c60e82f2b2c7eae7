/** A promise with its resolving functions beside it (`Promise.withResolvers`, absent in Node 20). */
export class Deferred<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Rejects without ever causing an `unhandledRejection`: somebody else reports this failure. */
  rejectQuietly(error: unknown): void {
    this.promise.catch(ignore);
    this.#reject(error);
  }
}

/** A promise rejected with `error` that never causes an `unhandledRejection`. */
export function rejectedQuietly<T>(error: unknown): Promise<T> {
  const promise = Promise.reject<T>(error);
  promise.catch(ignore);
  return promise;
}

/** Does nothing: the handler for failures that are reported elsewhere. */
export function ignore(): void {}
