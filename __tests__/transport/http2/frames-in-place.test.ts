import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { field, message } from 'tributary';
import { framedInPlace, putPrefix } from '../../../lib/base/length-prefix.js';
import { joinFrames } from '../../../lib/transport/http2/join-frames.js';

const Note = message('Note', { text: field.string(1), list: field.int32(2).repeated() });

/** The frames of these messages, written out one by one. */
function framesOf(messages: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    messages.map((bytes) => {
      const prefix = Buffer.alloc(5);
      putPrefix(prefix, 0, bytes.byteLength);
      return Buffer.concat([prefix, bytes]);
    }),
  );
}

describe('messages that lie in memory as they travel', () => {
  it('are taken as they lie, in one piece', () => {
    const messages = Array.from({ length: 50 }, (_, i) => Note.encode({ text: 'x'.repeat(i) }));
    const runs = framedInPlace(messages);
    expect(runs?.length).toBeLessThanOrEqual(2);
    expect(Buffer.concat(runs ?? [])).toEqual(framesOf(messages));
    expect(runs?.[0]?.buffer).toBe(messages[0]?.buffer);
  });

  it('are taken as they lie when they are large', () => {
    const large = Note.encode({ text: 'x'.repeat(100_000) });
    const next = Note.encode({ text: 'y'.repeat(100_000) });
    expect(Buffer.concat(framedInPlace([large]) ?? []).equals(framesOf([large]))).toBe(true);
    expect(joinFrames([large, next]).length).toBe(1);
    expect(Buffer.concat(joinFrames([large, next])).equals(framesOf([large, next]))).toBe(true);
  });

  it('are copied when they are somebody else’s', () => {
    expect(framedInPlace([new Uint8Array(7)])).toBeUndefined();
    expect(framedInPlace([new Uint8Array(20).subarray(6, 9)])).toBeUndefined();
    expect(framedInPlace([Note.encode({ text: 'abcdef' }).subarray(2)])).toBeUndefined();
  });

  it('or not, mixed and in any order, travel the same', () => {
    const bytesOf = fc.oneof(
      fc.string({ maxLength: 300 }).map((text) => () => Note.encode({ text })),
      fc.integer({ min: 1, max: 40_000 }).map((n) => () => Note.encode({ text: 'n'.repeat(n) })),
      fc.array(fc.nat(), { maxLength: 60 }).map((list) => () => Note.encode({ list })),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => () => bytes),
      fc
        .string({ maxLength: 9 })
        .map((text) => () => Note.encode({ text: `ab${text}` }).subarray(1)),
    );
    const order = fc.constantFrom('as they are', 'backwards', 'every other', 'twice');
    fc.assert(
      fc.property(
        fc.array(bytesOf, { minLength: 1, maxLength: 60, size: 'max' }),
        order,
        (all, how) => {
          let messages = all.map((make) => make());
          const before = messages.map((bytes) => Buffer.from(bytes));
          if (how === 'backwards') messages.reverse();
          else if (how === 'every other') messages = messages.filter((_, i) => i % 2 === 0);
          else if (how === 'twice') messages = messages.flatMap((each) => [each, each]);
          expect(Buffer.concat(joinFrames(messages)).equals(framesOf(messages))).toBe(true);
          if (how === 'as they are') {
            expect(messages.every((each, i) => before[i]?.equals(each))).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('an encoded message is not written to any more, whatever is encoded after it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 80_000 })), {
        minLength: 2,
        maxLength: 40,
        size: 'max',
      }),
      (sizes) => {
        const encoded = sizes.map((size, i) => Note.encode({ text: String(i % 10).repeat(size) }));
        for (const [i, size] of sizes.entries()) {
          const bytes = encoded[i] as Uint8Array;
          expect(Note.decode(bytes).text === String(i % 10).repeat(size)).toBe(true);
        }
      },
    ),
    { numRuns: 100 },
  );
});
