import { describe, expect, it } from '@jest/globals';
import {
  defineService,
  enumType,
  field,
  json,
  type MessageType,
  message,
  oneof,
  unary,
  wellKnown,
} from 'tributary';

/** Whatever the types would not let through. */
const wrong = (value: unknown): never => value as never;
const A = message('A', { text: field.string(1) });

describe('what is declared wrongly is refused at once', () => {
  const cases: readonly (readonly [what: string, declare: () => unknown, words: string])[] = [
    ['a message without a name', () => message(wrong(undefined), {}), 'got undefined'],
    ['a name in lower case', () => message('question', {}), "got 'question' (string)"],
    ['a package alone', () => message('app.v1.', {}), "such as 'Question'"],
    ['members that are none', () => message('M', wrong([])), 'expected an object of fields'],
    ['a member that is none', () => message('M', wrong({ a: 1 })), 'M.a must be a field'],
    ['an unknown option', () => message('M', {}, wrong({ coment: '' })), "no option 'coment'"],
    ['a comment that is none', () => message('M', {}, wrong({ comment: 5 })), 'comment of M'],
    [
      'a field in snake_case',
      () => message('M', { a_b: field.bool() }),
      "'a_b' cannot be the name",
    ],
    ['a field with a dash', () => message('M', { 'a-b': field.bool() }), "'a-b' cannot be"],
    [
      'a number used twice',
      () => message('M', { a: field.bool(1), b: field.bool(1) }),
      'M: a and b both have the number 1',
    ],
    [
      'a number used twice, once in a oneof',
      () => message('M', { a: field.bool(1), o: oneof({ b: field.bool(1) }) }),
      'M: a and b both have the number 1',
    ],
    [
      'a name used twice',
      () => message('M', { a: field.bool(1), o: oneof({ a: field.bool(2) }) }),
      'M has two members named a',
    ],
    [
      'a oneof of the name of its field',
      () => message('M', { a: oneof({ a: field.bool(2) }) }),
      'M has two members named a',
    ],
    ['half deprecated', () => message('M', {}, wrong({ deprecated: 1 })), 'deprecated of M'],
    ['the number 0', () => field.bool(0), '1 to 536870911, got 0'],
    ['a number beyond all', () => field.bool(2 ** 29), 'got 536870912'],
    ['half a number', () => field.bool(1.5), 'got 1.5'],
    ["a number of protobuf's own", () => field.bool(19_500), '19000 to 19999'],
    ['a number as text', () => field.bool(wrong({})), 'must be a number, got {}'],
    ['a comment for a number', () => field.bool(1, wrong(2)), 'must be a string, got 2'],
    ['too much of it', () => field.bool(...wrong([1, 'a', 'b'])), 'got 3 arguments'],
    [
      'a reserved number',
      () => message('M', { a: field.bool(4) }, { reserved: [[3, 5]] }),
      'M.a: 4 is reserved',
    ],
    [
      'a reserved name',
      () => message('M', { oldOne: field.bool(4) }, { reserved: ['oldOne'] }),
      'M.old_one: old_one is reserved',
    ],
    ['a range backwards', () => message('M', {}, { reserved: [[5, 3]] }), '[5, 3] is no range'],
    ['no list', () => message('M', {}, wrong({ reserved: 5 })), 'reserved must be a list'],
    ['half a number gone', () => message('M', {}, { reserved: [1.5] }), 'got 1.5'],
    ['a name that is none gone', () => message('M', {}, { reserved: ['a b'] }), "got 'a b'"],
    ['a reserved zero', () => message('M', {}, { reserved: [0] }), 'reserved takes 1 to 536870911'],
    [
      'a reserved number beyond all',
      () => message('M', {}, { reserved: [[5, 2 ** 29]] }),
      'got 5 to 536870912',
    ],
    ['a range of three', () => message('M', {}, wrong({ reserved: [[1, 2, 3]] })), 'array of 3'],
    [
      'a reserved value beyond int32',
      () => enumType('E', { Z: 0 }, { reserved: [2 ** 31] }),
      'reserved takes -2147483648 to 2147483647',
    ],
    ['repeated twice', () => field.bool().repeated().repeated(), 'both repeated and repeated'],
    ['optional and repeated', () => field.bool().optional().repeated(), 'optional and repeated'],
    ['a map with a float key', () => field.map(wrong('float'), field.bool()), "got 'float'"],
    ['a map of lists', () => field.map('int32', field.bool().repeated()), 'cannot be repeated'],
    ['a map of nothing', () => field.map('int32', wrong(A)), 'a field for its values'],
    ['a numbered value', () => field.map('int32', field.bool(1)), 'are those of the map'],
    ['a message that is none', () => field.message(wrong(json())), 'made by message()'],
    ['a message declared below', () => field.message(wrong(undefined)), 'got undefined'],
    ['an enum that is none', () => field.enum(wrong(A)), 'made by enumType()'],
    ['a oneof of nothing', () => oneof({}), 'an object of fields, got {}'],
    ['a oneof of a list', () => oneof({ a: field.bool().repeated() }), 'a cannot be repeated'],
    ['a oneof of a number', () => oneof(wrong({ a: 1 })), 'a must be a field'],
    ['an enum without a zero', () => enumType('E', { ONE: 1 }), 'must be 0'],
    ['an enum of nothing', () => enumType('E', {}), 'must be 0'],
    ['a value beyond int32', () => enumType('E', { Z: 0, B: 2 ** 31 }), 'E.B must be an int32'],
    ['a value that is a keyword', () => enumType('E', { option: 0 }), "'option' cannot be"],
    ['a reserved value', () => enumType('E', { Z: 0, B: 2 }, { reserved: [2] }), '2 is reserved'],
    ['an unknown value', () => enumType('E', { Z: 0 }, wrong({ comments: { Y: '' } })), 'no Y'],
    [
      'two values that are one elsewhere',
      () => enumType('Color', { RED: 0, COLOR_RED: 1 }),
      'RED and COLOR_RED are one name',
    ],
    ['a value __proto__', () => enumType('E', { Z: 0, ['__proto__']: 1 }), "'__proto__' cannot be"],
    ['a package __proto__', () => message('a.__proto__.M', {}), "got 'a.__proto__.M'"],
    ["a message in Google's package", () => message('google.protobuf.M', {}), 'package of yours'],
    [
      "a service in Google's package",
      () => defineService('google.protobuf.S', { a: unary(A, A) }),
      'wellKnown has',
    ],
    ['a service in lower case', () => defineService('app.questions', { a: unary(A, A) }), 'takes'],
    ['a service without methods', () => defineService('app.S', {}), 'an object of methods'],
    [
      'a method of JSON',
      () => defineService('app.S', { a: unary(A, json()) }),
      'app.S.a takes messages made by message(), got',
    ],
    [
      'a method with a dash',
      () => defineService('app.S', { a: unary(A, A, { name: 'a-b' }) }),
      "'a-b' cannot be the name of a method",
    ],
    [
      'a method __proto__',
      () => defineService('app.S', { ['__proto__']: unary(A, A) }),
      "'__proto__' cannot be the name of a method",
    ],
    [
      'two methods that are one on stubs',
      () => defineService('app.S', { sayIt: unary(A, A), say_it: unary(A, A) }),
      'app.S: SayIt and Say_it are both sayIt on stubs',
    ],
    [
      'a path that is none',
      () => defineService('app.S', { a: unary(A, A) }, { protos: wrong(5) }),
      'protos must be a path or a file: URL, got 5',
    ],
  ];

  it.each(cases)('%s', (_what, declare, words) => {
    expect(declare).toThrow(words);
    expect(declare).toThrow(
      expect.objectContaining({ name: expect.stringMatching(/^(Type|Range)Error$/) }),
    );
  });
});

describe('what does not go together is refused by defineService', () => {
  it('two types of one name', () => {
    const one = message('Twin', { a: field.bool(1) });
    const other = message('Twin', { a: field.bool(1) });
    expect(() => defineService('app.v1.Twins', { a: unary(one, other) })).toThrow(
      'app.v1.Twin is both a message and a message',
    );
  });

  it('values of two enums that have one name', () => {
    const Left = enumType('Left', { NONE: 0 });
    const Right = enumType('Right', { NONE: 0 });
    const Both = message('Both', { left: field.enum(Left), right: field.enum(Right) });
    expect(() => defineService('app.v1.S', { a: unary(Both, Both) })).toThrow(
      'app.v1.NONE is both a value of the enum app.v1.Left and a value of the enum app.v1.Right',
    );
  });

  it('a type within a message that is not there', () => {
    const Inner = message('Outer.Inner', {});
    expect(() => defineService('app.v1.S', { a: unary(Inner, Inner) })).toThrow(
      'app.v1.Outer.Inner lies within app.v1.Outer, which is no message used here',
    );
  });

  it('a message of the name that the entries of a map have', () => {
    const Entry = message('Shelf.PartsOfEntry', {});
    const parts = field.map('string', field.int32());
    const Shelf = message('Shelf', { partsOf: parts, entry: field.message(Entry) });
    expect(() => defineService('app.v1.S', { a: unary(Shelf, Shelf) })).toThrow(
      'app.v1.Shelf.PartsOfEntry is both a message and an entry of the map parts_of',
    );
  });

  it('a function that gives no message', () => {
    const Late = message('Late', { child: field.message(() => wrong(undefined) as typeof A) });
    expect(() => defineService('app.v1.S', { a: unary(Late, Late) })).toThrow(
      'Late.child: field.message() takes a message made by message(), or a function that gives it, got undefined',
    );
  });

  it('a type without a package that two packages use', () => {
    const Shared = message('Shared', {});
    defineService('one.v1.S', { a: unary(Shared, Shared) });
    expect(() => defineService('two.v1.S', { a: unary(Shared, Shared) })).toThrow(
      "Shared is used in the packages one.v1 and two.v1: give it a full name, such as 'one.v1.Shared'",
    );
    // What was there is as it was.
    expect(Shared.decode(Shared.encode({}))).toEqual({});
  });

  it('packages that need one another', () => {
    interface Left {
      right?: Right | undefined;
    }
    interface Right {
      left?: Left | undefined;
    }
    const Left: MessageType<Left> = message('left.v1.Left', {
      right: field.message((): MessageType<Right> => Right),
    });
    const Right: MessageType<Right> = message('right.v1.Right', { left: field.message(Left) });
    expect(() => defineService('left.v1.S', { a: unary(Left, wellKnown.Empty) })).toThrow(
      'the packages left.v1 → right.v1 → left.v1 need one another; make them one',
    );
  });
});
