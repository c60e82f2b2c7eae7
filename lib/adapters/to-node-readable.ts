import { Readable } from 'node:stream';
import { checkReadStream } from '../streams/check-stream.js';
import { EOF } from '../streams/eof.js';
import type { ReadStream } from '../streams/read-stream.js';
import { leave } from './leave.js';

/**
 * A Node stream, in object mode, of the messages that are still to come. It ends at `EOF` and is
 * destroyed with the stream's `RpcError`. Destroying it does what leaving a loop over the stream
 * does: a client's call is cancelled.
 *
 * A message that is `null`, which JSON has, would be the end of a Node stream: it destroys it with
 * a TypeError.
 *
 * @throws {TypeError} unless it is given a ReadStream
 */
export function toNodeReadable(stream: ReadStream<unknown>): Readable {
  checkReadStream('toNodeReadable stream', stream);
  const destroyed = new AbortController();
  let over = false;
  return new Readable({
    objectMode: true,
    // Nothing is read ahead: an error would take along what was not yet asked for.
    highWaterMark: 1,
    read() {
      stream.read({ signal: destroyed.signal }).then(
        (message) => {
          if (message === EOF) over = true;
          if (message === null) this.destroy(new TypeError('a Node stream cannot carry null'));
          else this.push(message === EOF ? null : message);
        },
        (error: Error) => {
          over = true;
          this.destroy(error);
        },
      );
    },
    destroy(error, done) {
      destroyed.abort();
      if (!over) leave(stream, 'the Node stream was destroyed');
      done(error);
    },
  });
}
