import type { EncodedMessage } from '../../base/encoded-message.js';
import { framedInPlace, PREFIX_BYTES, putPrefix } from '../../base/length-prefix.js';
import { toBuffer } from './to-buffer.js';

/** Several messages that grpc-js takes for one. */
export interface JoinedMessage extends Buffer {
  /** Whether grpc-js has framed them in the way that keeps them apart. */
  readonly framed: boolean;
}

let works = true;

/** Whether messages can be joined: until grpc-js is found to frame in another way. */
export function canJoin(): boolean {
  return works;
}

/** Never joins again in this process. */
export function stopJoining(): void {
  works = false;
}

/**
 * Messages, two or more, for one write of grpc-js's client, which hands HTTP/2 one message a turn of
 * the event loop. A DATA frame may carry many; on the wire this is what any gRPC peer reads.
 *
 * ```
 *  grpc-js:  [ 0, length of all this ] + this.copy(output, 5)
 *  this:                                 message 1, [ 0, length 2 ], message 2, [ 0, length 3 ], …
 *  `copy` puts right the one length that is wrong: the first
 * ```
 * It leans on how grpc-js writes its prefix, so only for calls that are not compressed. If the prefix
 * is not where it was, `copy` throws and grpc-js ends the call with that; if grpc-js does not call it
 * at all, `framed` stays false. `__tests__/transport/joined-messages.test.ts` tells of a change first.
 */
export function joinMessages(messages: readonly EncodedMessage[]): JoinedMessage {
  const size = (messages[0] as EncodedMessage).byteLength;
  const all = payloadOf(messages);
  const copy = (target: Uint8Array, start = 0): number => {
    putLength(target, start, all.length, size);
    joined.framed = true;
    return Buffer.prototype.copy.call(all, target, start);
  };
  const joined = Object.assign(all, { framed: false, copy });
  return joined;
}

/** All behind the first prefix: as it lies in memory, or copied together. */
function payloadOf(messages: readonly EncodedMessage[]): Buffer {
  const [run, more] = framedInPlace(messages) ?? [];
  if (run !== undefined && more === undefined) return toBuffer(run.subarray(PREFIX_BYTES));
  let size = -PREFIX_BYTES;
  for (const { byteLength } of messages) size += PREFIX_BYTES + byteLength;
  const all = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [i, message] of messages.entries()) {
    if (i > 0) at = putPrefix(all, at, message.byteLength);
    all.set(message.bytes, at);
    at += message.byteLength;
  }
  return all;
}

/** Writes the length of the first message where grpc-js has written that of all. */
function putLength(target: Uint8Array, start: number, size: number, length: number): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  const isKnown = start === PREFIX_BYTES && target[0] === 0 && view.getUint32(1) === size;
  if (!isKnown) {
    stopJoining();
    throw new Error('grpc-js frames messages in an unknown way');
  }
  view.setUint32(1, length);
}
