import type { Readable } from 'node:stream';
import { describeValue } from '../base/describe-value.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { toRpcError } from '../status/to-rpc-error.js';
import { EOF } from '../streams/eof.js';
import { InboxReadStream, type ReadStream } from '../streams/read-stream.js';
import { nodeInbox } from './node-inbox.js';

/**
 * A ReadStream of what a Node stream gives: its objects, or its chunks if it is not in object mode.
 * What comes after a read timed out is the next read's. The Node stream's error is an `RpcError`
 * here, by `toRpcError`; Node drops what it had buffered then. Destroyed before its end, it is
 * CANCELLED. Leaving a loop destroys it, unless `preventCancel` is set.
 *
 * @throws {TypeError} unless it is given a Readable
 */
export function fromNodeReadable<T = unknown>(readable: Readable): ReadStream<T> {
  const { read, destroy } = Object(readable) as Partial<Readable>;
  if (typeof read !== 'function' || typeof destroy !== 'function') {
    throw new TypeError(`fromNodeReadable takes a Readable, got ${describeValue(readable)}`);
  }
  const inbox = nodeInbox<T>(readable);
  const closed = (): void => {
    if (readable.errored != null) inbox.end(toRpcError(readable.errored));
    else if (readable.readableEnded) inbox.end(EOF);
    else inbox.end(new RpcError(Status.CANCELLED, 'the Node stream was destroyed before its end'));
  };
  readable.on('end', () => inbox.end(EOF));
  readable.on('error', (error) => inbox.end(toRpcError(error)));
  readable.on('close', closed);
  if (readable.destroyed || readable.readableEnded) closed();
  return new InboxReadStream(inbox, () => {
    inbox.discard(new RpcError(Status.CANCELLED, 'the loop over the Node stream was left'));
    readable.destroy();
  });
}
