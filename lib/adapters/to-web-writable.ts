import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { checkWriteStream } from '../streams/check-stream.js';
import type { WriteStream } from '../streams/write-stream.js';
import { failWriting } from './fail-writing.js';

/**
 * A Web Stream that writes what it gets to the stream, with backpressure. Closing it is
 * `doneWriting()`. Aborting it, or a message that is refused, ends the call as a source's exception
 * does. It fails with the errors of the stream's writes.
 *
 * @throws {TypeError} unless it is given a WriteStream
 */
export function toWebWritable<T>(stream: WriteStream<T>): WritableStream<T> {
  checkWriteStream('toWebWritable stream', stream);
  return new WritableStream<T>({
    async write(message) {
      try {
        await stream.write(message);
      } catch (error) {
        failWriting(stream, error);
        throw error;
      }
    },
    close: () => stream.doneWriting(),
    abort: (reason: unknown) => failWriting(stream, reason ?? aborted()),
  });
}

function aborted(): RpcError {
  return new RpcError(Status.CANCELLED, 'the web stream was aborted');
}
