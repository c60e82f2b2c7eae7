import { ignore } from '../base/deferred.js';
import { describeValue } from '../base/describe-value.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { toRpcError } from '../status/to-rpc-error.js';
import { EOF } from '../streams/eof.js';
import { InboxReadStream, type ReadStream } from '../streams/read-stream.js';
import { Boxed } from './boxed.js';
import { objectInbox } from './object-inbox.js';

/**
 * A ReadStream of what a Web Stream gives, which it locks. Read only when somebody reads here; what
 * comes after a read timed out is the next read's. The Web Stream's error is an `RpcError` here, by
 * `toRpcError`. Leaving a loop cancels the Web Stream, unless `preventCancel` is set.
 *
 * @throws {TypeError} unless it is given a ReadableStream that is not locked
 */
export function fromWebReadable<T>(readable: ReadableStream<T>): ReadStream<T> {
  if (typeof readable?.getReader !== 'function') {
    throw new TypeError(`fromWebReadable takes a ReadableStream, got ${describeValue(readable)}`);
  }
  const reader = readable.getReader();
  const inbox = objectInbox<T>(() => {
    reader.read().then(
      ({ done, value }) => {
        if (done) inbox.end(EOF);
        else inbox.push(new Boxed(value));
      },
      (error: unknown) => inbox.end(toRpcError(error)),
    );
  });
  return new InboxReadStream(inbox, () => {
    inbox.discard(new RpcError(Status.CANCELLED, 'the loop over the web stream was left'));
    reader.cancel().catch(ignore);
  });
}
