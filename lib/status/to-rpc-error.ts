import { wordsOf } from '../base/words-of.js';
import { RpcError } from './rpc-error.js';
import { Status } from './status.js';

/**
 * Makes an RpcError of anything that was thrown: one stays as it is, an abort becomes CANCELLED,
 * the rest UNKNOWN. The original is the `cause`; its words go into `details`, so this is for local
 * use and never for what a peer sees.
 */
export function toRpcError(thrown: unknown): RpcError {
  if (RpcError.is(thrown)) return thrown;
  const code = isAbort(thrown) ? Status.CANCELLED : Status.UNKNOWN;
  return new RpcError(code, wordsOf(thrown), { cause: thrown });
}

/** Whether `thrown` is what an aborted AbortSignal makes Node's functions reject with. */
export function isAbort(thrown: unknown): boolean {
  return (thrown as { name?: unknown } | null | undefined)?.name === 'AbortError';
}
