import type { Readable } from 'node:stream';
import protobuf from 'protobufjs';

const PREFIX_BYTES = 5;

/** Decodes the messages of a stream where they lie; only one that spans chunks is copied. */
export function readMessages<T>(
  stream: Readable,
  type: protobuf.Type,
  onMessage: (message: T) => void,
  onChunk?: () => void,
): void {
  let parts: Buffer[] = [];
  let have = 0;
  let need = PREFIX_BYTES;
  stream.on('data', (chunk: Buffer) => {
    parts.push(chunk);
    have += chunk.length;
    if (have < need) return;
    const bytes = parts.length === 1 ? chunk : Buffer.concat(parts, have);
    const reader = protobuf.Reader.create(bytes);
    let at = 0;
    for (;;) {
      need = PREFIX_BYTES;
      if (have - at < need) break;
      const length = bytes.readUInt32BE(at + 1);
      need += length;
      if (have - at < need) break;
      reader.pos = at + PREFIX_BYTES;
      onMessage(type.decode(reader, length) as T);
      at += need;
    }
    parts = at < have ? [bytes.subarray(at)] : [];
    have -= at;
    onChunk?.();
  });
}
