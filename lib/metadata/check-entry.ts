import { types } from 'node:util';
import { describeValue } from '../base/describe-value.js';
import { isReserved, STATUS_DETAILS } from './reserved-keys.js';

/**
 * Throws unless `key` is one that an application may use in the metadata that `what` names.
 *
 * @param key - in lower case
 */
export function checkKey(what: string, key: string): void {
  if (isReserved(key) && !(key === STATUS_DETAILS && what === 'trailers')) {
    const mine = 'expected a key of your own';
    throw new TypeError(`${what} key '${key}' is reserved for HTTP/2 and gRPC; ${mine}`);
  }
  // `__proto__` would be lost where metadata becomes an object.
  if (!/^[0-9a-z_.-]+$/.test(key) || key === '__proto__') {
    throw new TypeError(
      `${what} key '${key}' is no metadata key; expected letters, digits, '-', '_' and '.' only`,
    );
  }
}

/** Throws unless `entry` is a value that fits `key`, which is given in lower case. */
export function checkEntry(what: string, key: string, entry: unknown): void {
  if (key.endsWith('-bin')) {
    if (types.isUint8Array(entry)) return;
    const expected = 'bytes (Uint8Array), as its key ends in -bin';
    throw new TypeError(`${what} '${key}' must be ${expected}, got ${describeValue(entry)}`);
  }
  if (typeof entry !== 'string') {
    throw new TypeError(`${what} '${key}' must be a string, got ${describeValue(entry)}`);
  }
  if (!/^[ -~]*$/.test(entry)) {
    const expected = 'printable ASCII (a key that ends in -bin takes bytes)';
    throw new TypeError(`${what} '${key}' must be ${expected}, got ${describeValue(entry)}`);
  }
  // HTTP/2 implementations drop such a value, and its key with it, without a word.
  if (/^ | $/.test(entry)) {
    const expected = 'text without a space at its beginning or end';
    throw new TypeError(`${what} '${key}' must be ${expected}, got ${describeValue(entry)}`);
  }
}
