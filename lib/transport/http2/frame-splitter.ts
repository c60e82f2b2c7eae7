import { Fifo } from '../../base/fifo.js';
import { PREFIX_BYTES } from '../../base/length-prefix.js';
import { Status } from '../../status/status.js';
import { WireFault } from './wire-fault.js';

/** Chunks below so many bytes cost more to keep than they hold. */
const TINY_BYTES = 512;
/** So many of them in a row become one. */
const MANY = 64;

/**
 * Splits what arrives on a stream into messages. A message within one chunk is a slice of it; only
 * one that spans chunks is copied, once, when all of it is there. Tiny chunks that have to wait are
 * joined before, so that a message in frames of one byte is not a million objects.
 *
 * ```
 *  push ──►  [ first, chunk, chunk, … tiny, tiny, … ]  ── next ──►  message
 *                ▲ #at: how far it has been read
 * ```
 */
export class FrameSplitter {
  readonly #maxSize: number;
  readonly #chunks = new Fifo<Buffer>();
  #first: Buffer | undefined;
  #tiny: Buffer[] = [];
  #at = 0;
  #bytes = 0;
  #compressed = false;
  /** The length of the message whose prefix has been read. */
  #length: number | undefined;

  /** @param maxSize - bytes above which a message is refused */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Bytes that have arrived and are no message yet, or were not asked for. */
  get bufferedBytes(): number {
    return this.#bytes;
  }

  /** Whether nothing is left: at the end of a stream, whether that came between two messages. */
  get isEmpty(): boolean {
    return this.#bytes === 0 && this.#length === undefined;
  }

  /** Whether the message that `next` gave is compressed. */
  get compressed(): boolean {
    return this.#compressed;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#bytes += chunk.length;
    if (this.#first === undefined) this.#first = chunk;
    else if (chunk.length < TINY_BYTES) {
      this.#tiny.push(chunk);
      if (this.#tiny.length === MANY) this.#joinTiny();
    } else {
      this.#joinTiny();
      this.#chunks.push(chunk);
    }
  }

  /**
   * The next message, if all of it has arrived.
   *
   * @throws {WireFault} if it is too large, before it has arrived, or no gRPC message
   */
  next(): Uint8Array | undefined {
    if (!this.hasNext()) return undefined;
    const length = this.#length as number;
    this.#length = undefined;
    return this.#take(length);
  }

  /** Whether `next` would give one; throws as it does. */
  hasNext(): boolean {
    this.#length ??= this.#prefix();
    return this.#length !== undefined && this.#bytes >= this.#length;
  }

  #prefix(): number | undefined {
    if (this.#bytes < PREFIX_BYTES) return undefined;
    const first = this.#first as Buffer;
    // Most often it lies within a chunk: then it is read where it is.
    const isThere = first.length - this.#at >= PREFIX_BYTES;
    const prefix = isThere ? first : this.#take(PREFIX_BYTES);
    const at = isThere ? this.#at : 0;
    if (isThere) this.#skip(PREFIX_BYTES);
    const flag = prefix[at] as number;
    if (flag > 1) {
      throw new WireFault(Status.INTERNAL, `a message has the flags ${flag}, which are 0 or 1`);
    }
    const length = prefix.readUInt32BE(at + 1);
    if (length > this.#maxSize) {
      const details = `a message of ${length} bytes is over the limit of ${this.#maxSize}`;
      throw new WireFault(Status.RESOURCE_EXHAUSTED, details);
    }
    this.#compressed = flag === 1;
    return length;
  }

  /** So many bytes, which are there. */
  #take(size: number): Buffer {
    if (size === 0) return NOTHING;
    const first = this.#first as Buffer;
    if (this.#at + size > first.length) return this.#gather(size);
    const piece = first.subarray(this.#at, this.#at + size);
    this.#skip(size);
    return piece;
  }

  #gather(size: number): Buffer {
    const whole = Buffer.allocUnsafe(size);
    for (let filled = 0; filled < size; ) {
      const first = this.#first as Buffer;
      const copied = first.copy(whole, filled, this.#at, this.#at + size - filled);
      filled += copied;
      this.#skip(copied);
    }
    return whole;
  }

  /** Leaves so many bytes of the first chunk behind. */
  #skip(size: number): void {
    this.#bytes -= size;
    this.#at += size;
    if (this.#at === this.#first?.length) this.#advance();
  }

  #advance(): void {
    this.#at = 0;
    if (this.#chunks.length === 0) this.#joinTiny();
    this.#first = this.#chunks.length > 0 ? this.#chunks.shift() : undefined;
  }

  #joinTiny(): void {
    if (this.#tiny.length === 0) return;
    this.#chunks.push(Buffer.concat(this.#tiny));
    this.#tiny = [];
  }
}

const NOTHING = Buffer.alloc(0);
