import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { schemaOf } from './schema-of.js';

const codec = schemaOf(`syntax = "proto3"; package bad;
  message M {
    string text = 1; bytes data = 2; repeated int64 longs = 3; map<string, M> children = 4; M next = 5;
    repeated double doubles = 6; uint64 id = 7; fixed32 f = 8; oneof k { bool a = 9; string b = 10; }
    map<uint64, bytes> blobs = 11; repeated string words = 12; sfixed64 g = 13;
  }`).message('bad.M');

const sample = codec.encode({
  text: 'héllo',
  data: new Uint8Array(9),
  longs: [1n, -1n],
  children: { a: { text: 'x' } },
  next: { next: { id: 2n ** 64n - 1n } },
  doubles: [1, 2],
  f: 5,
  b: 'b',
  blobs: { 7: new Uint8Array(2) },
  words: ['one', 'two'],
  g: -3n,
});

describe('malformed input', () => {
  it('is an Error that names the message, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(typeof codec.decode(bytes)).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect((error as Error).message).toMatch(/^not a valid bad\.M message: /);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('never reads outside the message, when bytes of a valid one are changed', () => {
    const change = fc.tuple(fc.nat(sample.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(sample);
        for (const [at, to] of changes) bytes[at] = to;
        // The same bytes among others must read the same: nothing beyond their end is looked at.
        const amid = Buffer.concat([Buffer.alloc(7, 0xff), bytes, Buffer.alloc(20, 0x01)]).subarray(
          7,
          7 + bytes.length,
        );
        expect(outcome(amid)).toEqual(outcome(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it('is found at every cut inside a field', () => {
    const whole = codec.encode({ next: { text: 'abc', id: 300n, longs: [1n, 2n] } });
    for (let length = 1; length < whole.length; length++) {
      expect(() => codec.decode(whole.subarray(0, length))).toThrow(/not a valid bad.M message/);
    }
  });

  it.each([
    ['a string that is not UTF-8', [0x0a, 2, 0xc3, 0x28]],
    ['half of a surrogate pair', [0x0a, 3, 0xed, 0xa0, 0x80]],
    ['field number 0', [0x00, 0x00]],
    ['wire type 6', [0x0e]],
    ['an end of no group', [0x0c]],
    ['a varint of 11 bytes', [0x38, ...new Array<number>(10).fill(0xff), 1]],
    ['a length beyond the end', [0x12, 0xff, 0xff, 0xff, 0xff, 0x07]],
    ['a packed list that ends inside a number', [0x1a, 1, 0x80]],
    ['a packed list of doubles that is no multiple of 8', [0x32, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a map entry longer than its message', [0x2a, 2, 0x22, 4, 0x0a, 0]],
  ])('refuses %s', (_, bytes) => {
    expect(() => codec.decode(Uint8Array.from(bytes))).toThrow(/not a valid bad.M message/);
  });

  it('takes U+FFFD and a byte order mark for what they are', () => {
    const text = '\uFEFFa\uFFFDb';
    expect(codec.decode(codec.encode({ text })).text).toBe(text);
  });

  it('does not overflow the stack, in known and unknown fields', () => {
    const groups = Buffer.alloc(100_000, 0xa3);
    for (let i = 1; i < groups.length; i += 2) groups[i] = 0x06;
    expect(() => codec.decode(groups)).toThrow(/not a valid bad.M message: .*depth/);
  });

  it('says what it wants when it is not given bytes', () => {
    for (const value of ['abc', [1], undefined, new ArrayBuffer(1)]) {
      expect(() => codec.decode(value as never)).toThrow(TypeError);
    }
  });
});

function outcome(bytes: Uint8Array): unknown {
  try {
    return codec.decode(bytes);
  } catch (error) {
    return (error as Error).message;
  }
}
