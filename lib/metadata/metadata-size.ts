import { keysOf } from './keys-of.js';
import type { Metadata } from './metadata.js';

/** What HTTP/2 counts for an entry besides its key and value, in bytes. */
export const ENTRY_OVERHEAD = 32;

/** What metadata takes as headers, in bytes as HTTP/2 counts: binary values are in base64. */
export function metadataSize(metadata: Metadata): number {
  let size = 0;
  for (const key of keysOf(metadata)) {
    for (const value of metadata.get(key)) {
      const length = typeof value === 'string' ? value.length : Math.ceil(value.length / 3) * 4;
      size += key.length + length + ENTRY_OVERHEAD;
    }
  }
  return size;
}
