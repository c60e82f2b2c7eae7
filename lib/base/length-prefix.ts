/** What gRPC puts before each message: whether it is compressed, in one byte, and its length in four. */
export const PREFIX_BYTES = 5;

/** Puts the prefix of a message that is not compressed; gives where the message begins. */
export function putPrefix(into: Buffer, at: number, length: number, flag = 0): number {
  into[at] = flag;
  return into.writeUInt32BE(length, at + 1);
}

/** How many messages a run must have at least, on average, for runs to be better than one copy. */
const WORTH_A_RUN = 8;

/**
 * The messages as they lie in memory, prefixes and all, in runs of such that follow one another: the
 * protobuf encoder leaves them so. Nothing is written: what looks framed is framed. `undefined` if
 * some are not, or if there would be many runs of small messages.
 */
export function framedInPlace(messages: readonly Uint8Array[]): Buffer[] | undefined {
  const most = Math.ceil(messages.length / WORTH_A_RUN);
  const runs: Buffer[] = [];
  for (let next = 0; next < messages.length; ) {
    const { buffer, byteOffset } = messages[next] as Uint8Array;
    const start = byteOffset - PREFIX_BYTES;
    if (start < 0 || runs.length === most) return undefined;
    const whole = Buffer.from(buffer);
    let end = start;
    for (; next < messages.length; next += 1) {
      const message = messages[next] as Uint8Array;
      if (message.buffer !== buffer || message.byteOffset !== end + PREFIX_BYTES) break;
      if (whole[end] !== 0 || whole.readUInt32BE(end + 1) !== message.byteLength) return undefined;
      end = message.byteOffset + message.byteLength;
    }
    runs.push(whole.subarray(start, end));
  }
  return runs;
}
