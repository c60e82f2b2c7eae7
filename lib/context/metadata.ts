import { Metadata } from '@grpc/grpc-js';
import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';

export { Metadata };

/** A metadata value: text for ordinary keys, bytes for keys that end in `-bin`. */
export type MetadataEntry = string | Uint8Array;

/** Metadata as callers may give it: a plain object, several values as an array, or grpc-js's own. */
export type MetadataInit =
  | Metadata
  | { readonly [key: string]: MetadataEntry | readonly MetadataEntry[] | undefined };

/** Keys that HTTP/2 or gRPC itself writes; Node would refuse them deep inside a call. */
const RESERVED = new Set(
  (
    'connection keep-alive proxy-connection transfer-encoding upgrade http2-settings host te ' +
    'content-type content-length grpc-status grpc-message grpc-timeout grpc-encoding ' +
    'grpc-accept-encoding'
  ).split(' '),
);

/** What HTTP/2 counts for an entry besides its key and value, in bytes. */
const ENTRY_OVERHEAD = 32;

/** Node's HTTP/2 takes 64 KiB of headers; this leaves room for the status message and base64. */
const LARGEST = 32 * 1024;

/**
 * Metadata made of what a caller gave, always a copy.
 *
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
  for (const [key, value] of Object.entries(init)) {
    if (value === undefined) continue;
    for (const entry of Array.isArray(value)
      ? (value as MetadataEntry[])
      : [value as MetadataEntry]) {
      addEntry(what, metadata, key, entry);
    }
  }
  checkMetadata(what, metadata);
  return metadata;
}

/**
 * Throws if HTTP/2 would refuse `metadata`, where nobody could catch it: a TypeError for a key that
 * only the protocol may write, a RangeError when it is too much, which would break the connection.
 */
export function checkMetadata(what: string, metadata: Metadata): void {
  let size = 0;
  for (const key of Object.keys(metadata.getMap())) {
    if (key.startsWith(':') || RESERVED.has(key)) {
      throw new TypeError(`${what} key '${key}' is reserved for HTTP/2 and gRPC`);
    }
    for (const value of metadata.get(key)) size += key.length + value.length + ENTRY_OVERHEAD;
  }
  if (size > LARGEST) {
    throw new RangeError(`${what} must be ${LARGEST} bytes or less, as HTTP/2 counts, got ${size}`);
  }
}

/** By shape: the Metadata of another copy of grpc-js is no instance of this one's. */
function isMetadata(init: MetadataInit): init is Metadata {
  return typeof (init as Partial<Metadata> | null)?.toHttp2Headers === 'function';
}

function addEntry(what: string, metadata: Metadata, key: string, entry: unknown): void {
  const binary = key.toLowerCase().endsWith('-bin');
  if (binary ? !(entry instanceof Uint8Array) : typeof entry !== 'string') {
    const expected = binary ? 'bytes (Uint8Array), as its key ends in -bin' : 'a string';
    throw new TypeError(`${what} '${key}' must be ${expected}, got ${describeValue(entry)}`);
  }
  try {
    metadata.add(key, typeof entry === 'string' ? entry : Buffer.from(entry as Uint8Array));
  } catch (error) {
    throw new TypeError(`${what} '${key}': ${(error as Error).message}`, { cause: error });
  }
}
