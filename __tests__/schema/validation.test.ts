import { describe, expect, it } from '@jest/globals';
import { schemaOf, thrownBy } from './schema-of.js';

const codec = schemaOf(`syntax = "proto3"; package pkg;
  enum Color { RED = 0; }
  message Item { int32 count = 1; repeated string tags = 2; }
  message M {
    string name = 1; repeated Item items = 2; map<string, Item> by_name = 3; map<int64, bool> by_id = 4;
    oneof kind { string word = 5; Item item = 6; } bytes data = 7; bool ok = 8; double d = 9; float f = 10;
    uint32 u = 11; int64 id = 12; Color color = 13; sint32 s = 14; fixed32 x = 15; sfixed32 y = 16;
    M self = 17; map<bool, string> by_flag = 18; map<uint32, string> by_number = 19; repeated int32 numbers = 20;
  }`).message('pkg.M');

describe('a value that does not fit', () => {
  class Point {
    x = 1;
  }
  it.each<[unknown, typeof TypeError | typeof RangeError, string]>([
    [undefined, TypeError, 'pkg.M: expected a pkg.M message (an object), got undefined'],
    [null, TypeError, 'pkg.M: expected a pkg.M message (an object), got null'],
    ['text', TypeError, "pkg.M: expected a pkg.M message (an object), got 'text' (string)"],
    [[], TypeError, 'pkg.M: expected a pkg.M message (an object), got [] (array)'],
    [
      Promise.resolve({}),
      TypeError,
      'pkg.M: expected a pkg.M message (an object), got a Promise (is an await missing?)',
    ],
    [{ name: { a: 1 } }, TypeError, 'pkg.M.name: expected a string, got { a: 1 } (object)'],
    [{ name: 0 }, TypeError, 'pkg.M.name: expected a string, got 0 (number)'],
    [
      { name: '\ud800!' },
      RangeError,
      "pkg.M.name: expected well-formed text, got '\\ud800!' with a lone surrogate",
    ],
    [
      { items: [{}, {}, {}, { count: 2 ** 40 }] },
      RangeError,
      'pkg.M.items[3].count: expected an int32 (-2147483648 to 2147483647), got 1099511627776',
    ],
    [
      { items: [{ tags: ['a', 7] }] },
      TypeError,
      'pkg.M.items[0].tags[1]: expected a string, got 7 (number)',
    ],
    [
      { items: [undefined] },
      TypeError,
      'pkg.M.items[0]: expected a pkg.Item message (an object), got undefined',
    ],
    [{ items: {} }, TypeError, 'pkg.M.items: expected an array, got {} (object)'],
    [{ items: 'abc' }, TypeError, "pkg.M.items: expected an array, got 'abc' (string)"],
    [
      { numbers: new Set([1]) },
      TypeError,
      'pkg.M.numbers: expected an array, got Set(1) { 1 } (Set)',
    ],
    [
      { numbers: [1, '2'] },
      TypeError,
      "pkg.M.numbers[1]: expected an int32 (-2147483648 to 2147483647), got '2' (string)",
    ],
    [
      { byName: new Map() },
      TypeError,
      'pkg.M.byName: expected a map (an object, its keys the property names), got Map(0) {} (Map)',
    ],
    [
      { byName: { 'a b': 'x' } },
      TypeError,
      `pkg.M.byName["a b"]: expected a pkg.Item message (an object), got 'x' (string)`,
    ],
    [
      { byName: { a: undefined } },
      TypeError,
      'pkg.M.byName["a"]: expected a pkg.Item message (an object), got undefined',
    ],
    [
      { byId: { x: true } },
      TypeError,
      'pkg.M.byId["x"]: expected a key that is an int64 in decimal digits',
    ],
    [
      { byId: { '01': true } },
      TypeError,
      'pkg.M.byId["01"]: expected a key that is an int64 in decimal digits',
    ],
    [
      { byFlag: { yes: '' } },
      TypeError,
      `pkg.M.byFlag["yes"]: expected a key that is 'true' or 'false'`,
    ],
    [
      { byNumber: { '-1': '' } },
      RangeError,
      'pkg.M.byNumber["-1"]: the key: expected a uint32 (0 to 4294967295), got -1',
    ],
    [
      { word: '', item: {} },
      TypeError,
      'pkg.M.item: word is set too, but only one member of the oneof kind may be',
    ],
    [
      { item: 'x' },
      TypeError,
      "pkg.M.item: expected a pkg.Item message (an object), got 'x' (string)",
    ],
    [
      { item: new Date(0) },
      TypeError,
      'pkg.M.item: expected a pkg.Item message (an object), got 1970-01-01T00:00:00.000Z (Date)',
    ],
    [{ data: 'abc' }, TypeError, "pkg.M.data: expected a Uint8Array, got 'abc' (string)"],
    [{ data: [1] }, TypeError, 'pkg.M.data: expected a Uint8Array, got [ 1 ] (array)'],
    [{ ok: 1 }, TypeError, 'pkg.M.ok: expected a boolean, got 1 (number)'],
    [{ d: '1' }, TypeError, "pkg.M.d: expected a number, got '1' (string)"],
    [{ d: 1n }, TypeError, 'pkg.M.d: expected a number, got 1n (bigint)'],
    [{ f: 1e39 }, RangeError, 'pkg.M.f: expected a float (up to ±3.4028235e38), got 1e+39'],
    [{ u: -1 }, RangeError, 'pkg.M.u: expected a uint32 (0 to 4294967295), got -1'],
    [{ u: 1.5 }, RangeError, 'pkg.M.u: expected a uint32 (0 to 4294967295), got 1.5'],
    [
      { s: 2 ** 31 },
      RangeError,
      'pkg.M.s: expected a sint32 (-2147483648 to 2147483647), got 2147483648',
    ],
    [{ x: 2 ** 32 }, RangeError, 'pkg.M.x: expected a fixed32 (0 to 4294967295), got 4294967296'],
    [
      { y: Number.NaN },
      RangeError,
      'pkg.M.y: expected a sfixed32 (-2147483648 to 2147483647), got NaN',
    ],
    [
      { color: 'RED' },
      TypeError,
      "pkg.M.color: expected a number of the enum pkg.Color (-2147483648 to 2147483647), got 'RED' (string)",
    ],
    [
      { self: { self: { name: [] } } },
      TypeError,
      'pkg.M.self.self.name: expected a string, got [] (array)',
    ],
    [
      { self: new Point(), name: Symbol('s') },
      TypeError,
      'pkg.M.name: expected a string, got Symbol(s) (symbol)',
    ],
  ])('is named: %p', (value, kind, message) => {
    const error = thrownBy(() => codec.encode(value as never));
    expect(error.message).toBe(message);
    expect(error).toBeInstanceOf(kind);
  });

  it('is refused rather than read as empty, when it is no message at all', () => {
    const made = (function* () {})();
    const madeLater = (async function* () {})();
    const others = [
      made,
      madeLater,
      new Error('x'),
      new Map(),
      new Set(),
      /x/,
      Buffer.alloc(1),
      Object('x'),
    ];
    for (const value of others) {
      expect(() => codec.encode(value as never)).toThrow('pkg.M: expected a pkg.M message');
      expect(() => codec.encode({ self: value })).toThrow('pkg.M.self: expected a pkg.M message');
      expect(() => codec.encode({ byName: value })).toThrow('pkg.M.byName: expected a map');
    }
  });

  it('is refused alone: the next message is not touched by it', () => {
    const good = Buffer.from(codec.encode({ items: [{ count: 1 }] }));
    expect(() => codec.encode({ items: [{ count: 1 }, { count: 'x' }] })).toThrow(TypeError);
    expect(good.equals(codec.encode({ items: [{ count: 1 }] }))).toBe(true);
  });

  it('is described briefly however large it is', () => {
    const { message } = thrownBy(() =>
      codec.encode({ name: { text: 'x'.repeat(1e6), list: [[[1]]] } }),
    );
    expect(message.length).toBeLessThan(150);
  });

  it('leaves errors of its own getters as they are', () => {
    const mine = new Error('mine');
    const value = {
      get name(): string {
        throw mine;
      },
    };
    expect(thrownBy(() => codec.encode(value))).toBe(mine);
  });
});

describe('values at the edge', () => {
  it('fit', () => {
    const value = {
      d: -0,
      f: 3.4028234663852886e38,
      u: 4294967295,
      s: -2147483648,
      x: 4294967295,
      y: -2147483648,
      numbers: [2147483647, -2147483648, 0],
      byNumber: { 4294967295: '' },
    };
    expect(codec.decode(codec.encode(value))).toMatchObject(value);
    expect(codec.decode(codec.encode({ d: Infinity, f: Number.NaN }))).toMatchObject({
      d: Infinity,
      f: Number.NaN,
    });
  });
});

describe('depth', () => {
  const nested = (levels: number): { self?: object } =>
    levels === 0 ? {} : { self: nested(levels - 1) };

  it('is limited to 100 messages inside one another', () => {
    const bytes = codec.encode(nested(100));
    expect(() => codec.decode(bytes)).not.toThrow();
    expect(() => codec.encode(nested(101))).toThrow(/nest deeper than 100 levels/);
  });

  it('is limited on the wire', () => {
    let bytes: Uint8Array = codec.encode(nested(100));
    bytes = Buffer.concat([
      Buffer.from([0x8a, 0x01, 0x80 | (bytes.length & 127), bytes.length >> 7]),
      bytes,
    ]);
    expect(() => codec.decode(bytes)).toThrow(/not a valid pkg.M message: .*100 levels/);
  });

  it('catches a cycle', () => {
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    const error = thrownBy(() => codec.encode(cycle));
    expect(error.message).toMatch(/is there a cycle/);
    expect(error).toBeInstanceOf(RangeError);
  });
});
