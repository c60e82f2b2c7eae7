import { wordsOf } from '../base/words-of.js';
import { RpcError } from './rpc-error.js';
import { Status, type StatusCode } from './status.js';

/**
 * Makes an RpcError of anything that was thrown: one stays as it is, an abort becomes CANCELLED,
 * a signal's timeout DEADLINE_EXCEEDED, the rest UNKNOWN. The original is the `cause`; its words go into `details`, so this is for local
 * use and never for what a peer sees.
 */
export function toRpcError(thrown: unknown): RpcError {
  if (RpcError.is(thrown)) return thrown;
  return new RpcError(codeOf(thrown), wordsOf(thrown), { cause: thrown });
}

function codeOf(thrown: unknown): StatusCode {
  if (isAbort(thrown)) return Status.CANCELLED;
  return nameOf(thrown) === 'TimeoutError' ? Status.DEADLINE_EXCEEDED : Status.UNKNOWN;
}

/** Whether `thrown` is what an aborted AbortSignal makes Node's functions reject with. */
export function isAbort(thrown: unknown): boolean {
  return nameOf(thrown) === 'AbortError';
}

function nameOf(thrown: unknown): unknown {
  try {
    return (thrown as { name?: unknown } | null | undefined)?.name;
  } catch {
    return undefined; // a getter or a proxy that throws
  }
}
