import { types } from 'node:util';
import { describeValue } from '../base/describe-value.js';
import type { Codec } from './codec.js';
import { COPY_UP_TO } from './wire/limits.js';

/**
 * The codec of messages that are bytes and nothing else. `encode` copies, so what is written may be
 * changed afterwards; `decode` gives a plain `Uint8Array`, a copy when it is 4096 bytes or less and
 * otherwise a view of the received memory. Anything but a `Uint8Array` is a `TypeError`.
 */
export const bytes: Codec<Uint8Array> = {
  encode(value) {
    return Buffer.from(expectBytes(value));
  },
  decode(received) {
    const { buffer, byteOffset, length } = expectBytes(received);
    const view = new Uint8Array(buffer, byteOffset, length);
    return length <= COPY_UP_TO ? view.slice() : view;
  },
};

function expectBytes(value: unknown): Uint8Array {
  if (types.isUint8Array(value)) return value;
  throw new TypeError(`expected a Uint8Array, got ${describeValue(value)}`);
}
