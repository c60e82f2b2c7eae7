import type { Metadata } from '../metadata/metadata.js';
import { type RpcError, receivedError } from './rpc-error.js';
import { Status, statusName } from './status.js';

/** The error that a status from a peer stands for; a code that nobody knows counts as UNKNOWN. */
export function statusError(
  code: number,
  details: string,
  extra: { readonly trailers?: Metadata; readonly cause?: unknown } = {},
): RpcError {
  const known = statusName(code) === undefined ? Status.UNKNOWN : code;
  return receivedError(known, details, extra);
}
