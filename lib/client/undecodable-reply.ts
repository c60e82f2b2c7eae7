import { wordsOf } from '../base/words-of.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';

/** The error of a call whose reply is no message of its type. */
export function undecodableReply(method: MethodDescriptor, thrown: unknown): RpcError {
  const words = wordsOf(thrown);
  return new RpcError(Status.INTERNAL, `a reply of ${method.path} cannot be decoded: ${words}`, {
    cause: thrown,
  });
}
