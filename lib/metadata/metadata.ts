import { Metadata } from '@grpc/grpc-js';

export { Metadata };

/** A metadata value: text for ordinary keys, bytes for keys that end in `-bin`. */
export type MetadataEntry = string | Uint8Array;

/** Metadata as callers may give it: a plain object, several values as an array, or grpc-js's own. */
export type MetadataInit =
  | Metadata
  | { readonly [key: string]: MetadataEntry | readonly MetadataEntry[] | undefined };
