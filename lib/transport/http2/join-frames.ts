import type { EncodedMessage } from '../../base/encoded-message.js';
import { framedInPlace, PREFIX_BYTES, putPrefix } from '../../base/length-prefix.js';
import { takeBytes } from './frame-pool.js';

/** A message as it is framed. */
export interface Framed {
  readonly bytes: Uint8Array;
  readonly compressed: boolean;
}

/**
 * Messages as runs of gRPC frames, for one write: a DATA frame may carry many of them. What the
 * encoder has left framed is taken as it lies; everything else is copied.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function joinFrames(messages: readonly EncodedMessage[]): readonly Uint8Array[] {
  return framedInPlace(messages) ?? [copyFrames(messages)];
}

/** As `joinFrames`, of messages some of which are compressed. */
export function joinCompressed(messages: readonly Framed[]): Buffer {
  let size = 0;
  for (const { bytes } of messages) size += PREFIX_BYTES + bytes.byteLength;
  const run = takeBytes(size);
  let at = 0;
  for (const { bytes, compressed } of messages) at = putFrame(run, at, bytes, compressed ? 1 : 0);
  return run;
}

function copyFrames(messages: readonly EncodedMessage[]): Buffer {
  let size = 0;
  for (const message of messages) size += PREFIX_BYTES + message.byteLength;
  const run = takeBytes(size);
  let at = 0;
  for (const message of messages) at = putFrame(run, at, message.bytes, 0);
  return run;
}

function putFrame(run: Buffer, at: number, message: Uint8Array, flag: number): number {
  const start = putPrefix(run, at, message.byteLength, flag);
  run.set(message, start);
  return start + message.byteLength;
}
