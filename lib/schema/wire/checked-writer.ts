import { types } from 'node:util';
import protobuf from 'protobufjs';
import { EncodedMessage } from '../../base/encoded-message.js';
import { PREFIX_BYTES, putPrefix } from '../../base/length-prefix.js';
import { fromInt64, fromUint64, type Halves, zigzag } from './int64-bits.js';
import { MISFIT } from './misfit.js';

/** What is allocated at once. Whoever keeps a message keeps all of it. */
const SLAB_BYTES = 64 * 1024;

/** Where less is left, no message is begun: one that grows beyond the slab is copied. */
const LEAST_ROOM = 1024;

const NOTHING = Buffer.alloc(0);

const halves: Halves = { low: 0, high: 0, unsigned: true };
// What protobufjs's typings want of a 64-bit value; its writer looks at nothing but the two halves.
const long = (bits: Halves): never => bits as never;

/**
 * protobufjs's writer, checking type and range of all it is given: the original writes `'abc'` or
 * 2⁴⁰ in an int32, and every BigInt, as something else. Whatever does not fit throws `MISFIT`.
 */
export class CheckedWriter extends protobuf.BufferWriter {
  #slab = NOTHING;
  /** What the next message is likely to take, in bytes. */
  #expected = 0;

  /**
   * Begins a message behind the one before, with room for its prefix between them: messages that are
   * sent together then lie in memory as they travel. Gives what `take` wants.
   */
  begin(): number {
    const room = this.#slab.length - this.pos;
    if (this.buf !== this.#slab || room < this.#expected * 2 + LEAST_ROOM) this.#turnToNewSlab();
    this.pos += PREFIX_BYTES;
    return this.pos;
  }

  /** Ends the message that began there; its bytes are written to no more. */
  take(start: number): EncodedMessage {
    const length = this.pos - start;
    this.#expected = length;
    putPrefix(this.buf, start - PREFIX_BYTES, length);
    return new EncodedMessage(this.buf, start, length, true);
  }

  #turnToNewSlab(): void {
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, this.#expected * 2 + LEAST_ROOM));
    this.buf = this.#slab;
    this.view = null;
    this.pos = 0;
  }

  /** A field's tag: number and wire type in one. */
  tag(tag: number): this {
    super.uint32(tag);
    return this;
  }

  override uint32(value: unknown): this {
    if (typeof value !== 'number' || value >>> 0 !== value) throw MISFIT;
    super.uint32(value);
    return this;
  }

  override int32(value: unknown): this {
    if (typeof value !== 'number' || (value | 0) !== value) throw MISFIT;
    super.int32(value);
    return this;
  }

  override sint32(value: unknown): this {
    if (typeof value !== 'number' || (value | 0) !== value) throw MISFIT;
    super.sint32(value);
    return this;
  }

  override fixed32(value: unknown): this {
    if (typeof value !== 'number' || value >>> 0 !== value) throw MISFIT;
    super.fixed32(value);
    return this;
  }

  override sfixed32(value: unknown): this {
    if (typeof value !== 'number' || (value | 0) !== value) throw MISFIT;
    super.sfixed32(value);
    return this;
  }

  override int64(value: unknown): this {
    super.uint64(long(fromInt64(value, halves)));
    return this;
  }

  override uint64(value: unknown): this {
    super.uint64(long(fromUint64(value, halves)));
    return this;
  }

  override sint64(value: unknown): this {
    super.uint64(long(zigzag(fromInt64(value, halves))));
    return this;
  }

  override fixed64(value: unknown): this {
    super.fixed64(long(fromUint64(value, halves)));
    return this;
  }

  override sfixed64(value: unknown): this {
    super.fixed64(long(fromInt64(value, halves)));
    return this;
  }

  override bool(value: unknown): this {
    if (typeof value !== 'boolean') throw MISFIT;
    super.bool(value);
    return this;
  }

  override float(value: unknown): this {
    if (typeof value !== 'number' || overflowsFloat(value)) throw MISFIT;
    super.float(value);
    return this;
  }

  override double(value: unknown): this {
    if (typeof value !== 'number') throw MISFIT;
    super.double(value);
    return this;
  }

  override floats(values: number[]): this {
    for (const value of values) {
      if (typeof value !== 'number' || overflowsFloat(value)) throw MISFIT;
    }
    super.floats(values);
    return this;
  }

  override doubles(values: number[]): this {
    for (const value of values) if (typeof value !== 'number') throw MISFIT;
    super.doubles(values);
    return this;
  }

  override fixed32s(values: number[]): this {
    for (const value of values) {
      if (typeof value !== 'number' || value >>> 0 !== value) throw MISFIT;
    }
    super.fixed32s(values);
    return this;
  }

  override sfixed32s(values: number[]): this {
    for (const value of values) {
      if (typeof value !== 'number' || (value | 0) !== value) throw MISFIT;
    }
    super.sfixed32s(values);
    return this;
  }

  override string(value: unknown): this {
    // A lone surrogate has no UTF-8; it would leave as bytes that other peers refuse.
    if (typeof value !== 'string' || !value.isWellFormed()) throw MISFIT;
    super.string(value);
    return this;
  }

  override bytes(value: unknown): this {
    if (!types.isUint8Array(value)) throw MISFIT;
    super.bytes(value);
    return this;
  }
}

/** Whether a finite number would become an infinity as a 32-bit float. */
export function overflowsFloat(value: number): boolean {
  return Number.isFinite(value) && !Number.isFinite(Math.fround(value));
}
