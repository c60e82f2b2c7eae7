/**
 * Turns messages into bytes and back; all that calls and streams know of a message format.
 *
 * `encode` must return bytes that nobody changes afterwards (a copy, if it would otherwise hand
 * back what it was given), and must throw a `TypeError` or `RangeError` that names the offending
 * field when the value does not fit. `decode` must throw when the bytes are not a valid message.
 * Both are called synchronously, once a message.
 *
 * @typeParam T - what `decode` gives
 * @typeParam Input - what `encode` takes, where that is wider than `T`
 */
export interface Codec<T, Input = T> {
  encode(value: Input): Uint8Array;
  decode(bytes: Uint8Array): T;
}
