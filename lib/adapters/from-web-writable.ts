import { ignore } from '../base/deferred.js';
import { describeValue } from '../base/describe-value.js';
import { toRpcError } from '../status/to-rpc-error.js';
import type { WriteStream } from '../streams/write-stream.js';
import { ObjectWriteStream } from './object-write-stream.js';

/**
 * A WriteStream into a Web Stream, which it locks. `write` resolves when the Web Stream has room
 * for more, `doneWriting()` when it has closed. Its error is an `RpcError` here, by `toRpcError`. A
 * source that fails in `writeAll` aborts it.
 *
 * @throws {TypeError} unless it is given a WritableStream that is not locked
 */
export function fromWebWritable<T>(writable: WritableStream<T>): WriteStream<T> {
  if (typeof writable?.getWriter !== 'function') {
    throw new TypeError(`fromWebWritable takes a WritableStream, got ${describeValue(writable)}`);
  }
  const writer = writable.getWriter();
  const stream = new ObjectWriteStream<T>({
    send(batch, sent) {
      for (const { message } of batch) writer.write(message).catch(ignore);
      writer.ready.then(sent, ignore);
    },
    end: () => void writer.close().catch(ignore),
    abort: (reason) => void writer.abort(reason).catch(ignore),
  });
  writer.closed.then(
    () => stream.finish(),
    (error: unknown) => stream.fail(toRpcError(error)),
  );
  return stream;
}
