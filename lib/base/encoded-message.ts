import { types } from 'node:util';
import { describeValue } from './describe-value.js';

/**
 * A message in bytes on its way out: a place in memory, and not yet a view of it. Many travel in one
 * piece, and a view of each would cost more than the rest of its way.
 */
export class EncodedMessage {
  /** What the message lies in, often with others. */
  readonly memory: Uint8Array;
  /** Where in `memory` it begins. */
  readonly start: number;
  readonly byteLength: number;
  /** Whether its prefix lies before it: what is `PREFIX_BYTES` before `start` travels as it is. */
  readonly isFramed: boolean;

  constructor(memory: Uint8Array, start: number, byteLength: number, isFramed: boolean) {
    this.memory = memory;
    this.start = start;
    this.byteLength = byteLength;
    this.isFramed = isFramed;
  }

  /** A message that somebody else has encoded. @throws TypeError if those are no bytes */
  static of(bytes: Uint8Array): EncodedMessage {
    if (!types.isUint8Array(bytes)) {
      const got = describeValue(bytes);
      throw new TypeError(`a codec's encode() must return a Uint8Array, got ${got}`);
    }
    return new EncodedMessage(bytes, 0, bytes.byteLength, false);
  }

  get bytes(): Uint8Array {
    const { memory, start, byteLength } = this;
    return byteLength === memory.byteLength ? memory : memory.subarray(start, start + byteLength);
  }
}
