import type { EncodedMessage } from './encoded-message.js';

/** What gRPC puts before each message: whether it is compressed, in one byte, and its length in four. */
export const PREFIX_BYTES = 5;

/** Puts the prefix of a message that is not compressed; gives where the message begins. */
export function putPrefix(into: Uint8Array, at: number, length: number, flag = 0): number {
  into[at] = flag;
  into[at + 1] = length >>> 24;
  into[at + 2] = length >>> 16;
  into[at + 3] = length >>> 8;
  into[at + 4] = length;
  return at + PREFIX_BYTES;
}

/** How many messages a run must have at least, on average, for runs to be better than one copy. */
const WORTH_A_RUN = 8;

/**
 * The messages as they lie in memory, prefixes and all, in runs of such that follow one another: the
 * protobuf encoder leaves them so. `undefined` if some have no prefix, or if there would be many runs
 * of small messages.
 */
export function framedInPlace(messages: readonly EncodedMessage[]): Uint8Array[] | undefined {
  const most = Math.ceil(messages.length / WORTH_A_RUN);
  const runs: Uint8Array[] = [];
  for (let next = 0; next < messages.length; ) {
    const { memory, start, isFramed } = messages[next] as EncodedMessage;
    if (!isFramed || runs.length === most) return undefined;
    let end = start - PREFIX_BYTES;
    for (; next < messages.length; next += 1) {
      const message = messages[next] as EncodedMessage;
      if (message.memory !== memory || message.start !== end + PREFIX_BYTES) break;
      if (!message.isFramed) return undefined;
      end = message.start + message.byteLength;
    }
    runs.push(memory.subarray(start - PREFIX_BYTES, end));
  }
  return runs;
}
