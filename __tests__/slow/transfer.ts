import { bytes, clientStream, json, serverStream, service } from 'tributary';

/** What the receiver of all chunks has seen. */
export interface Tally {
  readonly chunks: number;
  readonly bytes: number;
  /** Whether each chunk came once, in order and whole. */
  readonly inOrder: boolean;
}

/** Many chunks, in the one direction or the other. */
export const Transfer = service('slow.Transfer', {
  download: serverStream(json<{ chunks: number }>(), bytes),
  upload: clientStream(bytes, json<Tally>()),
});

const CHUNK_BYTES = 64 * 1024;

/** Chunk number `i`: 64 KiB and a little, so that sizes tell chunks apart; its number at both ends. */
export function makeChunk(i: number): Uint8Array {
  const chunk = Buffer.alloc(sizeOf(i), i);
  chunk.writeUInt32BE(i, 0);
  chunk.writeUInt32BE(i, chunk.length - 4);
  return chunk;
}

function sizeOf(i: number): number {
  return CHUNK_BYTES + (i % 100);
}

/** What should come of this many chunks. */
export function expectedTally(chunks: number): Tally {
  let total = 0;
  for (let i = 0; i < chunks; i += 1) total += sizeOf(i);
  return { chunks, bytes: total, inOrder: true };
}

/** Checks chunks as they come. */
export class Receiver {
  chunks = 0;
  #bytes = 0;
  #inOrder = true;

  take(came: Uint8Array): void {
    const chunk = Buffer.from(came.buffer, came.byteOffset, came.byteLength);
    const whole =
      chunk.length === sizeOf(this.chunks) &&
      chunk.readUInt32BE(0) === this.chunks &&
      chunk.readUInt32BE(chunk.length - 4) === this.chunks;
    this.#inOrder &&= whole;
    this.#bytes += chunk.length;
    this.chunks += 1;
  }

  get tally(): Tally {
    return { chunks: this.chunks, bytes: this.#bytes, inOrder: this.#inOrder };
  }
}
