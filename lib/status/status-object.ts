import type { Metadata } from '../metadata/metadata.js';

/** How a call ended: code (0 is OK), message and trailing metadata. */
export interface StatusObject {
  code: number;
  details: string;
  trailers: Metadata;
}
