import protobuf from 'protobufjs';
import { toInt64, toUint64 } from './int64-bits.js';
import { COPY_UP_TO } from './limits.js';

/** What is used of protobufjs's reader; its 64-bit methods give a Long and are left out. */
interface BaseReader {
  buf: Uint8Array;
  pos: number;
  len: number;
  view: DataView | null;
  tag(): number;
  size(): number;
  uint32(): number;
  int32(): number;
  sint32(): number;
  fixed32(): number;
  sfixed32(): number;
  bool(): boolean;
  float(): number;
  double(): number;
  doubles(into: number[]): number[];
  floats(into: number[]): number[];
  fixed32s(into: number[]): number[];
  sfixed32s(into: number[]): number[];
  string(): string;
  bytes(): Uint8Array;
  skipType(wireType: number, depth: number, fieldNumber: number): unknown;
}
const Base = protobuf.Reader as unknown as new (buffer: Uint8Array) => BaseReader;

/** A Buffer with the method that its `toString('utf8')` is a slower way to. */
type FastBuffer = Buffer & { utf8Slice(start: number, end: number): string };
const NOTHING = Buffer.alloc(0) as FastBuffer;

// The halves of the varint read last; fields of a reader of its own would cost every message.
let low32 = 0;
let high32 = 0;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** protobufjs's reader with exact 64-bit integers, strict UTF-8 and `bytes` that own their memory. */
export class BigIntReader extends Base {
  declare buf: FastBuffer;

  constructor() {
    super(NOTHING);
  }

  /** Starts on other bytes: decoding is synchronous, so that one reader serves all messages. */
  open(bytes: Uint8Array): this {
    this.buf = (Buffer.isBuffer(bytes) ? bytes : asBuffer(bytes)) as FastBuffer;
    this.view = null;
    this.pos = 0;
    this.len = bytes.length;
    return this;
  }

  /** Lets go of the bytes. */
  close(): void {
    this.buf = NOTHING;
    this.view = null;
    this.len = 0;
  }

  uint64(): bigint {
    this.#readVarint();
    return toUint64(low32, high32);
  }

  int64(): bigint {
    this.#readVarint();
    return toInt64(low32, high32);
  }

  sint64(): bigint {
    this.#readVarint();
    const sign = -(low32 & 1);
    const low = ((low32 >>> 1) | (high32 << 31)) ^ sign;
    return toInt64(low, (high32 >>> 1) ^ sign);
  }

  fixed64(): bigint {
    const low = this.fixed32();
    return toUint64(low, this.fixed32());
  }

  sfixed64(): bigint {
    const low = this.fixed32();
    return toInt64(low, this.fixed32());
  }

  /** @throws Error when the bytes are not UTF-8, as the spec asks. */
  override string(): string {
    const start = this.#takeChunk();
    const text = this.buf.utf8Slice(start, this.pos);
    // A replacement character is what invalid bytes turn into; only then is a second look needed.
    return text.includes('\uFFFD') ? strict.decode(this.buf.subarray(start, this.pos)) : text;
  }

  /** A copy when small, so that it does not hold on to a whole network chunk; else a view. */
  override bytes(): Uint8Array {
    const start = this.#takeChunk();
    const view = new Uint8Array(this.buf.buffer, this.buf.byteOffset + start, this.pos - start);
    return view.length <= COPY_UP_TO ? view.slice() : view;
  }

  /** Steps over a length and that many bytes; gives where they start, `pos` being where they end. */
  #takeChunk(): number {
    const size = this.size();
    const start = this.pos;
    if (start + size > this.len) {
      throw new RangeError(`index out of range: ${start} + ${size} > ${this.len}`);
    }
    this.pos = start + size;
    return start;
  }

  #readVarint(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= this.len)
        throw new RangeError(`index out of range: ${this.pos} + 1 > ${this.len}`);
      const byte = this.buf[this.pos++] as number;
      if (shift < 28) low |= (byte & 127) << shift;
      else if (shift === 28) {
        low |= (byte & 127) << 28;
        high = (byte & 127) >>> 4;
      } else high |= (byte & 127) << (shift - 32);
      if (byte < 128) {
        low32 = low;
        high32 = high;
        return;
      }
    }
    throw new Error('invalid varint encoding');
  }
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
