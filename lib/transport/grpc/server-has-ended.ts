import { Status } from '../../status/status.js';

/**
 * Whether the server has ended the call with OK and its last messages wait to be read. A message that
 * is written then makes grpc-js end the call once more, as INTERNAL ("write after end"), and throw
 * those messages away; it says nothing of all that before, so this looks where it keeps its status. If
 * it is not there any more the call is as it was without this:
 * `__tests__/transport/grpc-traps.test.ts` tells.
 */
export function serverHasEnded(call: object): boolean {
  const { underlyingCalls: attempts } = (call as Resolving).child ?? {};
  // After any other status there may be another attempt, which wants the message.
  return attempts?.at(-1)?.call?.child?.getStatus?.()?.code === Status.OK;
}

/** A call of grpc-js down to its stream, as far as it is that. */
interface Resolving {
  readonly child?: { readonly underlyingCalls?: readonly Attempt[] } | null;
}

interface Attempt {
  readonly call?: { readonly child?: { getStatus?(): { readonly code?: number } | null } | null };
}
