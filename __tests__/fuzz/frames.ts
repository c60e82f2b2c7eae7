import { PREFACE } from '../transport/http2/raw-frames.js';

const HEADERS = 1;

/** A frame of a recording that may be changed. */
export interface Frame {
  type: number;
  flags: number;
  stream: number;
  payload: Buffer;
  /** What its header says of its length; a lie if it is not the payload's. */
  length: number;
}

/** The frames of one side of a connection, without the preface; what is cut short is left out. */
export function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  let at = bytes.subarray(0, PREFACE.length).equals(PREFACE) ? PREFACE.length : 0;
  while (at + 9 <= bytes.length) {
    const length = bytes.readUIntBE(at, 3);
    const end = at + 9 + length;
    if (end > bytes.length) break;
    frames.push({
      type: bytes.readUInt8(at + 3),
      flags: bytes.readUInt8(at + 4),
      stream: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + 9, end),
      length,
    });
    at = end;
  }
  return frames;
}

export function toBytes(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.map(({ type, flags, stream, payload, length }) => {
      const head = Buffer.alloc(9);
      head.writeUIntBE(length % 2 ** 24, 0, 3);
      head.writeUInt8(type, 3);
      head.writeUInt8(flags, 4);
      head.writeUInt32BE(stream % 2 ** 32, 5);
      return Buffer.concat([head, payload]);
    }),
  );
}

/** How many streams these bytes open at most, whoever reads them. */
export function streamsOpened(bytes: Buffer): number {
  const opened = framesOf(bytes).filter(({ type }) => type === HEADERS);
  return new Set(opened.map(({ stream }) => stream % 2 ** 31)).size;
}
