import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';

/** Ends the call with INVALID_ARGUMENT: what was asked cannot be meant. */
export function refuse(reason: string): never {
  throw new RpcError(Status.INVALID_ARGUMENT, reason);
}
