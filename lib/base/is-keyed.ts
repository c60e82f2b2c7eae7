/**
 * Whether what `value` says is in keys of its own. Not of a Date, a Map or an AbortSignal: they
 * have none, so that taking one for options would ignore it without a word.
 */
export function isKeyed(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return plain || Object.keys(value).length > 0;
}
