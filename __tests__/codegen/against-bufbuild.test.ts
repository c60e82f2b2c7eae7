import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryMessage } from './arbitrary-message.js';
import { decodeThere, describedMessages, encodeThere, type Plain } from './bufbuild.js';
import * as everything from './generated/everything.js';
import * as legacy from './generated/legacy.js';
import { generatedMessages, withoutExtensions } from './generated-messages.js';

/** Random messages of each type. */
const RUNS = 250;

let compared = 0;
let roundTrips = 0;
let withUnknown = 0;
afterAll(() => {
  const types = generatedMessages.length;
  process.stdout.write(
    `byte equality: ${types} message types: ${compared} messages compared both ways, ` +
      `${roundTrips} round trips, ${withUnknown} with unknown fields\n`,
  );
});

it('there are many types of messages', () => {
  expect(generatedMessages.length).toBe(53);
});

describe.each(generatedMessages.map((message) => [message.name, message] as const))(
  '%s',
  (name, message) => {
    const desc = describedMessages(message.schema)(name);

    it('is encoded byte for byte as by another library, and each reads the other', () => {
      fc.assert(
        fc.property(arbitraryMessage(desc), (value) => {
          const bytes = message.encode(value);
          const there = encodeThere(desc, value);
          expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(there).toString('hex'));
          expect(withoutExtensions(message.decode(there))).toEqual(decodeThere(desc, bytes));
          compared++;
        }),
        { numRuns: RUNS },
      );
    });

    it('is the same after a round trip, also when there are fields that it does not know', () => {
      fc.assert(
        fc.property(arbitraryMessage(desc), (value) => {
          const read = message.decode(message.encode(value));
          expect(read).toMatchObject(value);
          expect(message.decode(message.encode(read))).toEqual(read);
          roundTrips++;
          const more = Buffer.concat([UNKNOWN, message.encode(value), UNKNOWN]);
          expect(message.decode(more)).toEqual(read);
          withUnknown++;
        }),
        { numRuns: RUNS },
      );
    });
  },
);

/** Field 9000 of each wire type: a varint, 8 bytes, a text, a group with a varint, 4 bytes. */
const UNKNOWN = Buffer.concat(
  [
    [0, 0xff, 0x01],
    [1, 1, 2, 3, 4, 5, 6, 7, 8],
    [2, 2, 0x68, 0x69],
    [3, 0x08, 0x01, ...tag(9000, 4)],
    [5, 1, 2, 3, 4],
  ].map(([wireType = 0, ...rest]) => Buffer.from([...tag(9000, wireType), ...rest])),
);

function tag(number: number, wireType: number): number[] {
  let left = (number << 3) | wireType;
  const bytes: number[] = [];
  for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128);
  return [...bytes, left];
}

describe('extremes', () => {
  const { Maps, Scalars, Tree } = everything;
  const desc = describedMessages(everything.everythingProto.schema);

  it.each([
    [{ anInt64: -(2n ** 63n), aUint64: 2n ** 64n - 1n, aSint64: 2n ** 63n - 1n }],
    [{ aDouble: NaN, aFloat: NaN }],
    [{ aDouble: Infinity, aFloat: -Infinity }],
    [{ aDouble: -0, aFloat: -0 }],
    [{ aDouble: 5e-324, aFloat: 2 ** -149 }],
    [{ aString: '', someBytes: new Uint8Array() }],
  ])('%#', (value) => {
    const bytes = Scalars.encode(value);
    expect(Buffer.from(bytes).equals(encodeThere(desc('all.v1.Scalars'), value))).toBe(true);
    expect(Scalars.decode(bytes)).toMatchObject(value);
  });

  it('texts and bytes of a megabyte', () => {
    const value = { aString: 'ü'.repeat(2 ** 19), someBytes: new Uint8Array(2 ** 20).fill(7) };
    const bytes = Scalars.encode(value);
    expect(Buffer.from(bytes).equals(encodeThere(desc('all.v1.Scalars'), value))).toBe(true);
    const read = Scalars.decode(bytes);
    expect(read.aString === value.aString).toBe(true);
    expect(Buffer.from(read.someBytes).equals(value.someBytes)).toBe(true);
  });

  it('maps have many entries', () => {
    const strings = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i - 250, `${i}`]));
    const there = encodeThere(desc('all.v1.Maps'), { strings });
    expect(Maps.decode(there).strings).toEqual(strings);
    expect(decodeThere(desc('all.v1.Maps'), Maps.encode({ strings })).strings).toEqual(strings);
  });

  it('extensions of the same file', () => {
    const note = { name: 'a', '[legacy.note]': 'b', '[legacy.counts]': [1, 2n ** 63n - 1n] };
    expect(legacy.Old.decode(legacy.Old.encode(note))).toMatchObject({
      ...note,
      '[legacy.counts]': [1n, 2n ** 63n - 1n],
    });
  });

  it('messages nest 100 levels deep, not more', () => {
    const nested = (levels: number): everything.TreeInput =>
      levels === 0 ? {} : { parent: nested(levels - 1) };
    const deepest = Tree.encode(nested(100));
    expect(Tree.encode(Tree.decode(deepest))).toEqual(deepest);
    expect(() => Tree.encode(nested(101))).toThrow(RangeError);
    const tooDeep = encodeThere(desc('all.v1.Tree'), nested(101) as Plain);
    expect(() => Tree.decode(tooDeep)).toThrow(/all\.v1\.Tree/);
    const cyclic: everything.TreeInput = {};
    cyclic.parent = cyclic;
    expect(() => Tree.encode(cyclic)).toThrow(/cycle/);
  });
});
