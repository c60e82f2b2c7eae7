import { Writable } from 'node:stream';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { checkWriteStream } from '../streams/check-stream.js';
import type { WriteStream } from '../streams/write-stream.js';
import { failWriting } from './fail-writing.js';

/**
 * A Node stream, in object mode, that writes what it gets to the stream, with backpressure. Its
 * `end()` is `doneWriting()`. Destroying it before, or a message that is refused, ends the call as
 * a source's exception does. It is destroyed with the errors of the stream's writes.
 *
 * @throws {TypeError} unless it is given a WriteStream
 */
export function toNodeWritable(stream: WriteStream<never>): Writable {
  checkWriteStream('toNodeWritable stream', stream);
  let done = false;
  return new Writable({
    objectMode: true,
    write(message, _encoding, written) {
      stream.write(message as never).then(() => written(), written);
    },
    final(ended) {
      done = true;
      stream.doneWriting().then(() => ended(), ended);
    },
    destroy(error, closed) {
      if (!done) failWriting(stream, error ?? destroyed());
      closed(error);
    },
  });
}

function destroyed(): RpcError {
  return new RpcError(Status.CANCELLED, 'the Node stream was destroyed');
}
