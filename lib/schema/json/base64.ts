import { describeMisfit } from '../wire/describe-misfit.js';
import { wrongType } from '../wire/scalar-fit.js';

/** Bytes from base64, in the standard alphabet or that for URLs, with padding or without. */
export function readBase64(json: unknown): Uint8Array {
  if (typeof json !== 'string') throw wrongType('base64', json);
  // Buffer skips whatever is no base64, and stops at the first `=`.
  const digits = json.replace(/={1,2}$/, '');
  const padded = digits.length !== json.length;
  if (/[^\w+/-]/.test(digits) || digits.length % 4 === 1 || (padded && json.length % 4 !== 0)) {
    throw new TypeError(`expected base64, got ${describeMisfit(json)}`);
  }
  // A Buffer's memory is shared with others.
  return new Uint8Array(Buffer.from(digits, 'base64'));
}

/** Bytes in base64: the standard alphabet, with padding. */
export function writeBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
