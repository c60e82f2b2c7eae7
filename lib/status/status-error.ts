import { RpcError } from './rpc-error.js';
import { Status, statusName } from './status.js';

/** The error that a status from a peer stands for; a code that nobody knows counts as UNKNOWN. */
export function statusError(
  code: number,
  details: string,
  extra: ConstructorParameters<typeof RpcError>[2] = {},
): RpcError {
  const known = statusName(code) === undefined ? Status.UNKNOWN : code;
  return new RpcError(known, details, extra);
}
