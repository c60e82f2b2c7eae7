/** An HTTP/2 frame, as far as it matters here. */
interface Frame {
  readonly type: number;
  readonly stream: number;
  /** What a DATA frame carries. */
  readonly data: Buffer | undefined;
}

const HEADER_LENGTH = 9;
const DATA = 0;
const PADDED = 8;

/** Finds the frames in one direction of a connection (RFC 9113, section 4.1). */
export class FrameScanner {
  readonly #onFrame: (frame: Frame) => void;
  #rest = Buffer.alloc(0);
  #skip: number;

  /** @param skip - bytes before the first frame */
  constructor(skip: number, onFrame: (frame: Frame) => void) {
    this.#skip = skip;
    this.#onFrame = onFrame;
  }

  take(chunk: Buffer): void {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    let rest = Buffer.concat([this.#rest, chunk.subarray(skipped)]);
    while (rest.length >= HEADER_LENGTH) {
      const end = HEADER_LENGTH + rest.readUIntBE(0, 3);
      if (rest.length < end) break;
      this.#onFrame(toFrame(rest.subarray(0, end)));
      rest = rest.subarray(end);
    }
    this.#rest = rest;
  }
}

function toFrame(bytes: Buffer): Frame {
  const type = bytes.readUInt8(3);
  const stream = bytes.readUInt32BE(5) & 0x7fffffff;
  return { type, stream, data: type === DATA ? dataOf(bytes) : undefined };
}

function dataOf(bytes: Buffer): Buffer {
  if ((bytes.readUInt8(4) & PADDED) === 0) return bytes.subarray(HEADER_LENGTH);
  return bytes.subarray(HEADER_LENGTH + 1, bytes.length - bytes.readUInt8(HEADER_LENGTH));
}
