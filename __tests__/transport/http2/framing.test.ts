import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EncodedMessage } from '../../../lib/base/encoded-message.js';
import { takeBytes } from '../../../lib/transport/http2/frame-pool.js';
import { FrameSplitter } from '../../../lib/transport/http2/frame-splitter.js';
import { joinCompressed, joinFrames } from '../../../lib/transport/http2/join-frames.js';
import { WireFault } from '../../../lib/transport/http2/wire-fault.js';

const messages = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.uint8Array({ maxLength: 40 }) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 300, maxLength: 2_000 }) },
  ),
  { minLength: 1, maxLength: 30, size: 'max' },
);

/** The same bytes in pieces of these lengths, over and over. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const next = at + (lengths[i % lengths.length] as number);
    all.push(bytes.subarray(at, next));
    at = next;
  }
  return all;
}

describe('frames', () => {
  it('come apart as they were joined, however they are cut, whenever they are asked for', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        messages,
        lengths,
        fc.array(fc.boolean(), { minLength: 1 }),
        (sent, cuts, asks) => {
          const splitter = new FrameSplitter(10_000);
          const got: Uint8Array[] = [];
          const takeAll = (): void => {
            for (let next = splitter.next(); next !== undefined; next = splitter.next()) {
              expect(splitter.compressed).toBe(false);
              got.push(next);
            }
          };
          for (const [i, piece] of pieces(
            Buffer.concat(joinFrames(sent.map((bytes) => EncodedMessage.of(bytes)))),
            cuts,
          ).entries()) {
            splitter.push(piece);
            if (asks[i % asks.length] === true) takeAll();
          }
          takeAll();
          expect(got.map((bytes) => [...bytes])).toEqual(sent.map((bytes) => [...bytes]));
          expect(splitter.isEmpty).toBe(true);
          expect(splitter.bufferedBytes).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keep apart what is compressed and what is not', () => {
    const bytes = Buffer.from('abc');
    const splitter = new FrameSplitter(10);
    splitter.push(
      joinCompressed([
        { bytes, compressed: true },
        { bytes, compressed: false },
      ]),
    );
    expect(splitter.next()?.toString()).toBe('abc');
    expect(splitter.compressed).toBe(true);
    expect(splitter.next()?.toString()).toBe('abc');
    expect(splitter.compressed).toBe(false);
  });

  it('within one chunk are slices of it', () => {
    const splitter = new FrameSplitter(10);
    const chunk = joinFrames([encoded('abc'), encoded('de')])[0] as Buffer;
    splitter.push(chunk);
    const message = splitter.next();
    expect(message?.buffer).toBe(chunk.buffer);
    expect(message?.byteOffset).toBe(chunk.byteOffset + 5);
  });

  it('cut in the prefix or in the message are not whole', () => {
    const run = Buffer.concat(joinFrames([encoded('abc')]));
    for (let length = 1; length < run.length; length += 1) {
      const splitter = new FrameSplitter(10);
      splitter.push(run.subarray(0, length));
      expect(splitter.next()).toBeUndefined();
      expect(splitter.isEmpty).toBe(false);
    }
  });

  it('that say they are too large are refused by their prefix', () => {
    const splitter = new FrameSplitter(100);
    splitter.push(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]));
    expect(() => splitter.next()).toThrow(
      new WireFault(8, 'a message of 4294967295 bytes is over the limit of 100'),
    );
  });

  it.each([2, 3, 128, 255])('with the flags %i are no frames', (flags) => {
    const splitter = new FrameSplitter(100);
    splitter.push(Buffer.from([flags, 0, 0, 0, 0]));
    expect(() => splitter.next()).toThrow(WireFault);
  });
});

describe('bytes from the pool', () => {
  it('are never given out twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 40 }), (sizes) => {
        const taken = sizes.map((size) => takeBytes(size));
        taken.forEach((piece, i) => {
          piece.fill(i + 1);
        });
        taken.forEach((piece, i) => {
          expect(piece.length).toBe(sizes[i]);
          expect(piece.every((byte) => byte === i + 1)).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });
});

function encoded(text: string): EncodedMessage {
  return EncodedMessage.of(Buffer.from(text));
}
