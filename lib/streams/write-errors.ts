import { wordsOf } from '../base/words-of.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';

/** Why a message that was not waited for is refused; sizes in bytes. */
export function overflow(size: number, buffered: number, limit: number): RpcError {
  return new RpcError(
    Status.RESOURCE_EXHAUSTED,
    `write() of ${size} bytes refused: ${buffered} bytes wait to be sent and maxBufferedBytes is ` +
      `${limit}; await each write() to let the peer keep up`,
  );
}

/** What a codec threw: its TypeErrors and RangeErrors as they are, anything else as INTERNAL. */
export function toEncodingError(thrown: unknown): Error {
  if (thrown instanceof TypeError || thrown instanceof RangeError || RpcError.is(thrown)) {
    return thrown;
  }
  return new RpcError(Status.INTERNAL, `the message could not be encoded: ${wordsOf(thrown)}`, {
    cause: thrown,
  });
}

/** Why a message cannot follow `doneWriting()`. */
export function lateWrite(): RpcError {
  return new RpcError(
    Status.FAILED_PRECONDITION,
    'write() after doneWriting(); the message was not sent',
  );
}
