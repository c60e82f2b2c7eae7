import type { Metadata } from './metadata.js';
import { STATUS_DETAILS } from './reserved-keys.js';

/** Adds the trailers of an error to those of its call; its status details replace the call's. */
export function mergeTrailers(trailers: Metadata, ofError: Metadata): void {
  if (ofError.get(STATUS_DETAILS).length > 0) trailers.remove(STATUS_DETAILS);
  trailers.merge(ofError);
}
