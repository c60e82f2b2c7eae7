import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import { checkEntry, checkKey } from './check-entry.js';
import { checkMetadata } from './check-metadata.js';
import { Metadata, type MetadataInit } from './metadata.js';

/**
 * Metadata made of what a caller gave, always a copy.
 *
 * @param what - names it in errors; in `trailers` status details are welcome
 * @throws {TypeError} naming the key that is illegal or reserved, or whose value does not fit it
 * @throws {RangeError} when it is more than 32 KiB
 */
export function toMetadata(what: string, init: MetadataInit | undefined): Metadata {
  if (init === undefined) return new Metadata();
  if (isMetadata(init)) {
    checkMetadata(what, init);
    return init.clone();
  }
  if (!isKeyed(init)) {
    throw new TypeError(`${what} must be a Metadata or a plain object, got ${describeValue(init)}`);
  }
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(init)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    checkKey(what, key);
    for (const entry of Array.isArray(value) ? (value as unknown[]) : [value]) {
      checkEntry(what, key, entry);
      metadata.add(key, typeof entry === 'string' ? entry : Buffer.from(entry as Uint8Array));
    }
  }
  checkMetadata(what, metadata);
  return metadata;
}

/** By shape: the Metadata of another copy of grpc-js is no instance of this one's. */
export function isMetadata(value: unknown): value is Metadata {
  return typeof (value as Partial<Metadata> | null | undefined)?.toHttp2Headers === 'function';
}
