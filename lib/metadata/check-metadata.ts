import { checkEntry, checkKey } from './check-entry.js';
import { keysOf } from './keys-of.js';
import type { Metadata } from './metadata.js';
import { ENTRY_OVERHEAD } from './metadata-size.js';
import { STATUS_DETAILS } from './reserved-keys.js';

/** Keys that Node's HTTP/2 sends with one value only; for more it throws where nobody can catch it. */
const SINGLE = new Set(
  (
    'access-control-allow-credentials access-control-max-age access-control-request-method age ' +
    'authorization content-encoding content-language content-location content-md5 content-range ' +
    'date dnt etag expires from if-match if-modified-since if-none-match if-range ' +
    'if-unmodified-since last-modified location max-forwards proxy-authorization range referer ' +
    `retry-after tk upgrade-insecure-requests user-agent x-content-type-options ${STATUS_DETAILS}`
  ).split(' '),
);

/** In bytes. Node's HTTP/2 takes 64 KiB of headers: there is room for the status message and base64. */
export const LARGEST_METADATA = 32 * 1024;

/**
 * Throws if HTTP/2 would refuse or lose any of `metadata`, where nobody could catch it: a TypeError
 * for a key or value that cannot travel, a RangeError when it is too much, which would break the
 * connection.
 *
 * @param what - names it in errors; in `trailers` status details are welcome
 */
export function checkMetadata(what: string, metadata: Metadata): void {
  let size = 0;
  for (const key of keysOf(metadata)) {
    const values = metadata.get(key);
    checkKey(what, key);
    if (values.length > 1 && SINGLE.has(key)) {
      throw new TypeError(`${what} key '${key}' takes one value only, got ${values.length}`);
    }
    for (const value of values) {
      checkEntry(what, key, value);
      size += key.length + value.length + ENTRY_OVERHEAD;
    }
  }
  if (size > LARGEST_METADATA) {
    throw new RangeError(
      `${what} must be ${LARGEST_METADATA} bytes or less, as HTTP/2 counts, got ${size}`,
    );
  }
}
