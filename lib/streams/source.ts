/** Where messages to be written come from: any iterable, lazily pulled. */
export type Source<T> = Iterable<T> | AsyncIterable<T>;

/**
 * Whether `value` is taken as a source of messages. Strings and byte arrays are iterable too, but
 * nobody means to send their characters or bytes one by one.
 */
export function isSource(value: unknown): value is Source<unknown> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}
