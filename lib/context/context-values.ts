/** Names a value of type `T` that interceptors leave for handlers; made by `contextKey`. */
export interface ContextKey<T> {
  /** For error messages. */
  readonly name: string;
  /** Only in the types: what kind of value it names. */
  readonly of?: (value: T) => T;
}

/**
 * A new key, different from every other, whatever its name. Keep it where the interceptor that sets
 * the value and the handlers that get it can import it.
 *
 * @throws {TypeError} when the name is no string
 */
export function contextKey<T>(name: string): ContextKey<T> {
  if (typeof name !== 'string') throw new TypeError('contextKey() takes a name');
  return Object.freeze({ name });
}

/** What interceptors and the handler of one call tell one another. */
export class ContextValues {
  readonly #values = new Map<object, unknown>();

  /** The value, or `undefined` if nobody has set it. */
  get<T>(key: ContextKey<T>): T | undefined {
    return this.#values.get(key) as T | undefined;
  }

  /**
   * The value that must be there.
   *
   * @throws {Error} naming the key, if nobody has set it: the interceptor that does is missing
   */
  require<T>(key: ContextKey<T>): T {
    if (!this.#values.has(key)) {
      throw new Error(`no interceptor has set the context value '${key.name}'`);
    }
    return this.#values.get(key) as T;
  }

  /** Sets the value for whoever comes after. */
  set<T>(key: ContextKey<T>, value: T): this {
    this.#values.set(key, value);
    return this;
  }
}
