import { checkReadStream } from '../streams/check-stream.js';
import { EOF } from '../streams/eof.js';
import type { ReadStream } from '../streams/read-stream.js';
import { leave } from './leave.js';

/**
 * A Web Stream of the messages that are still to come. It reads one when it is asked for one, ends
 * at `EOF` and fails with the stream's `RpcError`. Cancelling it does what leaving a loop over the
 * stream does: a client's call is cancelled.
 *
 * @throws {TypeError} unless it is given a ReadStream
 */
export function toWebReadable<T>(stream: ReadStream<T>): ReadableStream<T> {
  checkReadStream('toWebReadable stream', stream);
  const cancelled = new AbortController();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const message = await stream.read({ signal: cancelled.signal });
        if (message === EOF) controller.close();
        else controller.enqueue(message as T);
      },
      cancel() {
        cancelled.abort();
        leave(stream, 'the web stream was cancelled');
      },
    },
    // Nothing is read ahead: an error would take along what was not yet asked for.
    { highWaterMark: 0 },
  );
}
