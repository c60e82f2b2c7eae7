import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { embeddedProto, field, message } from 'tributary';
import { EncodedMessage } from '../../../lib/base/encoded-message.js';
import { framedInPlace, putPrefix } from '../../../lib/base/length-prefix.js';
import { encoderOf } from '../../../lib/schema/encoder-of.js';
import { joinFrames } from '../../../lib/transport/http2/join-frames.js';

const Note = message('Note', { text: field.string(1), list: field.int32(2).repeated() });

const NOTE_PROTO = 'syntax = "proto3"; message Note { string text = 1; }';
const encode = encoderOf(Note);

/** The frames of these messages, written out one by one. */
function framesOf(messages: readonly EncodedMessage[]): Buffer {
  return Buffer.concat(
    messages.map(({ bytes }) => {
      const prefix = Buffer.alloc(5);
      putPrefix(prefix, 0, bytes.byteLength);
      return Buffer.concat([prefix, bytes]);
    }),
  );
}

describe('messages that lie in memory as they travel', () => {
  it('are taken as they lie, in one piece', () => {
    const messages = Array.from({ length: 50 }, (_, i) => encode({ text: 'x'.repeat(i) }));
    const runs = framedInPlace(messages);
    expect(runs?.length).toBeLessThanOrEqual(2);
    expect(Buffer.concat(runs ?? [])).toEqual(framesOf(messages));
    expect(runs?.[0]?.buffer).toBe(messages[0]?.bytes.buffer);
  });

  it('are taken as they lie when they are large', () => {
    const large = encode({ text: 'x'.repeat(100_000) });
    const next = encode({ text: 'y'.repeat(100_000) });
    expect(Buffer.concat(framedInPlace([large]) ?? []).equals(framesOf([large]))).toBe(true);
    expect(joinFrames([large, next]).length).toBe(1);
    expect(Buffer.concat(joinFrames([large, next])).equals(framesOf([large, next]))).toBe(true);
  });

  it('are copied when somebody else has encoded them', () => {
    const other = EncodedMessage.of(Buffer.from('abc'));
    const ours = encode({ text: 'abc' });
    expect(framedInPlace([other])).toBeUndefined();
    expect(framedInPlace([ours, other, ours])).toBeUndefined();
    // Its bytes lie where they did; that there is a prefix before them is no longer said.
    expect(framedInPlace([EncodedMessage.of(ours.bytes)])).toBeUndefined();
  });

  it('are those of a codec that forwards to another one, and not of one that only looks so', () => {
    const file = embeddedProto({ name: 'note.proto', source: () => NOTE_PROTO });
    const Embedded = file.message<{ text: string }>('Note');
    expect(encoderOf(Embedded)({ text: 'abc' }).isFramed).toBe(true);
    const shouting = {
      ...Note,
      encode: ({ text = '' }) => Note.encode({ text: text.toUpperCase() }),
    };
    const { isFramed, bytes } = encoderOf(shouting)({ text: 'abc' });
    expect([isFramed, Note.decode(bytes).text]).toEqual([false, 'ABC']);
  });

  it('or not, mixed and in any order, travel the same', () => {
    const messageOf = fc.oneof(
      fc.string({ maxLength: 300 }).map((text) => () => encode({ text })),
      fc.integer({ min: 1, max: 40_000 }).map((n) => () => encode({ text: 'n'.repeat(n) })),
      fc.array(fc.nat(), { maxLength: 60 }).map((list) => () => encode({ list })),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => () => EncodedMessage.of(bytes)),
      fc.string({ maxLength: 9 }).map((text) => () => EncodedMessage.of(Note.encode({ text }))),
    );
    const order = fc.constantFrom('as they are', 'backwards', 'every other', 'twice');
    fc.assert(
      fc.property(
        fc.array(messageOf, { minLength: 1, maxLength: 60, size: 'max' }),
        order,
        (all, how) => {
          let messages = all.map((make) => make());
          const before = messages.map(({ bytes }) => Buffer.from(bytes));
          if (how === 'backwards') messages.reverse();
          else if (how === 'every other') messages = messages.filter((_, i) => i % 2 === 0);
          else if (how === 'twice') messages = messages.flatMap((each) => [each, each]);
          expect(Buffer.concat(joinFrames(messages)).equals(framesOf(messages))).toBe(true);
          if (how === 'as they are') {
            expect(messages.every(({ bytes }, i) => before[i]?.equals(bytes))).toBe(true);
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
