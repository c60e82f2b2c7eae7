import { describe, expect, it } from '@jest/globals';
import { bytes } from '../../lib/schema/index.js';

describe('bytes', () => {
  it.each([0, 1, 4096, 4097])('carries %i bytes as they are', (length) => {
    const value = new Uint8Array(length).fill(7);
    expect(bytes.decode(bytes.encode(value))).toStrictEqual(value);
  });

  it('is not touched by what the caller does to them afterwards', () => {
    const value = new Uint8Array([1, 2]);
    const encoded = bytes.encode(value);
    value[0] = 9;
    expect([...encoded]).toEqual([1, 2]);
  });

  it('does not hold on to the memory that a small message arrived in', () => {
    const chunk = Buffer.alloc(16_384, 5);
    const message = bytes.decode(chunk.subarray(10, 13));
    expect(message.buffer.byteLength).toBe(3);
    expect(message).toStrictEqual(new Uint8Array([5, 5, 5]));
  });

  it('refuses anything else', () => {
    for (const value of ['text', [1], undefined, null, new ArrayBuffer(2), new Uint16Array(1)]) {
      expect(() => bytes.encode(value as never)).toThrow(TypeError);
    }
    expect(() => bytes.encode('x' as never)).toThrow("expected a Uint8Array, got 'x' (string)");
  });
});
