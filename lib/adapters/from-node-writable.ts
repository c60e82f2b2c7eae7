import type { Writable } from 'node:stream';
import { describeValue } from '../base/describe-value.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { toRpcError } from '../status/to-rpc-error.js';
import type { WriteStream } from '../streams/write-stream.js';
import { NodeSink } from './node-sink.js';
import { ObjectWriteStream } from './object-write-stream.js';

/**
 * A WriteStream into a Node stream. `write` resolves when the Node stream has room for more,
 * `doneWriting()` when it has finished. Its error is an `RpcError` here, by `toRpcError`; destroyed
 * before its end, it is CANCELLED. A source that fails in `writeAll` destroys it.
 *
 * `write` refuses `null`, and what is neither string nor bytes if it is not in object mode.
 *
 * @throws {TypeError} unless it is given a Writable
 */
export function fromNodeWritable<T = unknown>(writable: Writable): WriteStream<T> {
  const { write, end, destroy } = Object(writable) as Partial<Writable>;
  if ([write, end, destroy].some((method) => typeof method !== 'function')) {
    throw new TypeError(`fromNodeWritable takes a Writable, got ${describeValue(writable)}`);
  }
  const sink = new NodeSink<T>(writable);
  const stream = new ObjectWriteStream<T>({
    check: (message) => sink.check(message),
    send: (batch, sent) => sink.send(batch, sent),
    end: () => sink.end(),
    abort: (reason) => writable.destroy(reason instanceof Error ? reason : toRpcError(reason)),
  });
  const closed = (): void => {
    if (writable.errored != null) stream.fail(toRpcError(writable.errored));
    else if (writable.writableFinished) stream.finish();
    else stream.fail(new RpcError(Status.CANCELLED, 'the Node stream was destroyed'));
  };
  writable.on('finish', () => stream.finish());
  writable.on('error', (error) => stream.fail(toRpcError(error)));
  writable.on('close', closed);
  if (writable.destroyed || writable.writableFinished) closed();
  return stream;
}
