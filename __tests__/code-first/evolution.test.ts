import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  biStream,
  defineService,
  enumType,
  field,
  type Members,
  message,
  oneof,
  unary,
  wellKnown,
} from 'tributary';
import { breaking, numbersIn, printOver, renames, serviceOf, serviceWith } from './evolve.js';
import { arbitraryHistory } from './random-history.js';

const NOTHING = new Map<string, string>();

const said: string[] = [];
afterAll(() => void process.stdout.write(said.map((line) => `${line}\n`).join('')));

it('no number is ever used twice, whatever is added, removed and moved', () => {
  let histories = 0;
  let numbered = 0;
  fc.assert(
    fc.property(arbitraryHistory, (history) => {
      const ever = new Map<string, number>();
      let files = NOTHING as Map<string, string>;
      for (const names of history) {
        const after = printOver(serviceWith(names), files);
        expect(breaking(files, after)).toEqual([]);
        const text = after.get('app/v1/s.proto') as string;
        const numbers = numbersIn(text);
        expect([...numbers.keys()]).toEqual(names);
        for (const [name, number] of numbers) {
          expect(ever.get(name) ?? number).toBe(number);
          ever.set(name, number);
        }
        expect(new Set(ever.values()).size).toBe(ever.size);
        // What is gone stays reserved by its name, too.
        for (const name of ever.keys()) {
          expect(text.includes(`"${name}"`)).toBe(!numbers.has(name));
        }
        // Printing again changes nothing.
        expect(printOver(serviceWith(names), after)).toEqual(after);
        files = after;
      }
      histories += 1;
      numbered += ever.size;
    }),
    { numRuns: 300 },
  );
  said.push(`${histories} histories, in which ${numbered} fields kept their numbers`);
});

it('takes numbers below when the largest of all is in use', () => {
  const members = { a: field.int32(2 ** 29 - 1), b: field.int32(), c: field.int32(1) };
  const files = printOver(serviceOf(members), NOTHING);
  const more = { ...members, d: field.int32() };
  const text = printOver(serviceOf(more), files).get('app/v1/s.proto') as string;
  expect(Object.fromEntries(numbersIn(text))).toEqual({ a: 536_870_911, b: 2, c: 1, d: 3 });
});

describe('one change of a message', () => {
  const SHADE = enumType('Shade', { SHADE_0: 0 });
  const TONE = enumType('Tone', { TONE_0: 0 });
  const before = { a: field.int32(1), b: field.string(2) };
  const cases: readonly (readonly [string, Members, Members, readonly string[]])[] = [
    ['adding', before, { ...before, c: field.bool(3) }, []],
    ['removing', before, { a: field.int32(1) }, []],
    ['removing what objects inherit', { constructor: field.bool(1) }, {}, []],
    ['moving', before, { b: field.string(2), a: field.int32(1) }, []],
    ['deprecating', before, { ...before, a: field.int32(1).deprecated() }, []],
    ['making optional', before, { ...before, a: field.int32(1).optional() }, []],
    ['widening', before, { ...before, a: field.int64(1) }, []],
    ['text to bytes', before, { ...before, b: field.bytes(2) }, []],
    [
      'renaming',
      before,
      { a: field.int32(1), c: field.string(2) },
      ['app.v1.M.b: its number 2 is that of c now: keep the name, or give c another number'],
    ],
    [
      'another number',
      before,
      { ...before, b: field.string(3) },
      ['app.v1.M.b: had the number 2 and has 3: give it 2 again'],
    ],
    [
      'numbers exchanged',
      before,
      { a: field.int32(2), b: field.string(1) },
      [
        'app.v1.M.a: had the number 1 and has 2: give it 1 again',
        'app.v1.M.b: had the number 2 and has 1: give it 2 again',
      ],
    ],
    ['zigzag', before, { ...before, a: field.sint32(1) }, ['app.v1.M.a: was int32 and is sint32']],
    [
      'bytes to text',
      { a: field.bytes(1) },
      { a: field.string(1) },
      ['M.a: was bytes and is string'],
    ],
    ['fixed width', before, { ...before, a: field.fixed32(1) }, ['was int32 and is fixed32']],
    [
      'to a list',
      before,
      { ...before, a: field.int32(1).repeated() },
      ['was single and is repeated'],
    ],
    [
      'another enum',
      { a: field.enum(SHADE, 1) },
      { a: field.enum(TONE, 1) },
      ['app.v1.M.a: was app.v1.Shade and is app.v1.Tone', 'app.v1.Shade: was printed before'],
    ],
    [
      'another message',
      { a: field.message(wellKnown.Empty, 1) },
      { a: field.message(wellKnown.Any, 1) },
      ['was google.protobuf.Empty and is google.protobuf.Any'],
    ],
    [
      'into a oneof',
      before,
      { a: field.int32(1), o: oneof({ b: field.string(2) }) },
      ['app.v1.M.b: was in no oneof and is in the oneof o'],
    ],
    [
      'another key',
      { a: field.map('int32', field.bool(), 1) },
      { a: field.map('string', field.bool(), 1) },
      ['app.v1.M.a: had keys of int32 and has keys of string'],
    ],
    [
      'another value of a map',
      { a: field.map('int32', field.bool(), 1) },
      { a: field.map('int32', field.string(), 1) },
      ['app.v1.M.a: was bool and is string'],
    ],
  ];

  it.each(cases)('%s', (_what, then, now, words) => {
    const files = printOver(serviceOf(then), NOTHING);
    const after = printOver(serviceOf(now), files);
    const found = breaking(files, after).map(({ name, reason }) => `${name}: ${reason}`);
    expect(found).toEqual(words.map((each) => expect.stringContaining(each)));
  });

  it('what is reserved does not come back', () => {
    const files = printOver(serviceOf(before), NOTHING);
    const without = printOver(serviceOf({ a: field.int32(1) }), files);
    const reasons = (members: Members) =>
      breaking(without, printOver(serviceOf(members), without)).map(({ name, reason }) => [
        name,
        reason,
      ]);
    expect(reasons({ a: field.int32(1), c: field.string(2) })).toEqual([
      ['app.v1.M.c', '2 is reserved since a removal: choose another number'],
    ]);
    expect(reasons({ a: field.int32(1), b: field.string() })).toEqual([
      ['app.v1.M.b', 'b is reserved since a removal: choose another name'],
    ]);
  });

  it('what is allowed nonetheless can be read again', () => {
    const files = printOver(serviceOf(before), NOTHING);
    const without = printOver(serviceOf({}), files);
    expect(without.get('app/v1/s.proto')).toContain('reserved 1 to 2;\n  reserved "a", "b";');
    const back = printOver(serviceOf({ b: field.string(1), c: field.bool() }), without);
    expect(back.get('app/v1/s.proto')).toContain(
      'reserved 2;\n  reserved "a";\n\n  string b = 1;\n  bool c = 3;',
    );
    const moved = printOver(serviceOf({ b: field.string(9) }), files);
    expect(moved.get('app/v1/s.proto')).toContain('reserved 1 to 2;\n  reserved "a";');
  });
});

describe('changes of other things', () => {
  const M = (name: string, members: Members = {}) => message(name, members);

  it('values of an enum', () => {
    const of = (numbers: { [name: string]: number }) =>
      serviceOf({ a: field.enum(enumType('E', numbers), 1) });
    const files = printOver(of({ E_0: 0, E_1: 1, E_2: 2 }), NOTHING);
    const less = printOver(of({ E_0: 0, E_2: 2 }), files);
    expect(breaking(files, less)).toEqual([]);
    expect(less.get('app/v1/s.proto')).toContain('reserved 1;\n  reserved "E_1";');
    // A second name for a number that keeps its first one is no renaming.
    expect(breaking(files, printOver(of({ E_0: 0, E_1: 1, E_2: 2, E_TWO: 2 }), files))).toEqual([]);
    const names = (after: Map<string, string>, then = files) =>
      breaking(then, after).map(({ name }) => name);
    expect(names(printOver(of({ E_0: 0, E_ONE: 1, E_2: 2 }), files))).toEqual(['app.v1.E.E_1']);
    expect(names(printOver(of({ E_0: 0, E_1: 5, E_2: 2 }), files))).toEqual(['app.v1.E.E_1']);
    expect(names(printOver(of({ E_0: 0, E_3: 1, E_2: 2 }), less), less)).toEqual(['app.v1.E.E_3']);
  });

  it('methods', () => {
    const files = printOver(
      defineService('app.S', { a: unary(M('A'), M('B')), b: unary(M('C'), M('D')) }),
      NOTHING,
    );
    const after = printOver(defineService('app.S', { a: biStream(M('A'), M('C')) }), files);
    expect(breaking(files, after).map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      'app.S.A was unary(app.A, app.B) and is bidiStream(app.A, app.C): change it back, or add a method of another name',
      'app.S.B was printed before and is declared no more: keep it while clients call it',
      'app.B was printed before and is declared no more: is a module missing here?',
      'app.D was printed before and is declared no more: is a module missing here?',
    ]);
  });

  it('a type that moves to another file keeps its numbers', () => {
    const shared = () => message('Shared', { b: field.int32(), a: field.int32() });
    const own = shared();
    const alone = printOver(defineService('app.T', { a: unary(own, own) }), NOTHING);
    const Shared = message('Shared', { a: field.int32(), b: field.int32() });
    const First = defineService('app.S', { a: unary(Shared, Shared) });
    defineService('app.T', { a: unary(Shared, Shared) });
    const together = printOver(First, alone);
    expect([...together.keys()]).toEqual(['app/s.proto']);
    expect(Object.fromEntries(numbersIn(together.get('app/s.proto') as string))).toEqual({
      a: 2,
      b: 1,
    });
    expect(breaking(alone, together)).toEqual([]);
  });
});

describe('fields without numbers', () => {
  const before = { a: field.int32(), b: field.string(), c: field.string(), d: field.bytes() };
  const { a, c, d } = before;
  const gone = (old: string, young: string) =>
    `app.v1.M.${old}: is gone, and ${young} is in its place: keep the name, or, if ${young} is ` +
    `another field, give the message { reserved: ['${old}'] }`;
  const cases: readonly (readonly [string, Members, readonly string[], readonly string[]])[] = [
    ['one renamed', { a, bee: field.string(), c, d }, [], [gone('b', 'bee')]],
    [
      'two renamed that stand together',
      { a, bee: field.string(), sea: field.string(), d },
      [],
      [gone('b', 'bee'), gone('c', 'sea')],
    ],
    ['the old name reserved', { a, bee: field.string(), c, d }, ['b'], []],
    ['a number given', { a, bee: field.string(9), c, d }, [], []],
    ['another type', { a, bee: field.bool(), c, d }, [], []],
    ['another place', { a, c, d, bee: field.string() }, [], []],
    ['only gone', { a, c, d }, [], []],
  ];

  it.each(cases)('%s', (_what, now, reserved, words) => {
    const serviceWithout = (members: Members, names: readonly string[]) => {
      const M = message('M', members, { reserved: names });
      return defineService('app.v1.S', { get: unary(M, M) });
    };
    const files = printOver(serviceWithout(before, []), NOTHING);
    expect(renames(serviceWithout(now, reserved), files)).toEqual(words);
  });

  it('within a oneof, with names that objects have', () => {
    const of = (members: Members) => serviceOf({ o: oneof(members as never) });
    const files = printOver(of({ x: field.bool(), constructor: field.bool() }), NOTHING);
    expect(renames(of({ x: field.bool(), toString: field.bool() }), files)).toEqual([
      gone('constructor', 'to_string'),
    ]);
  });
});

it('a type within a message may go with its last field', () => {
  const Photo = message('M.Photo', { url: field.string(1) });
  const files = printOver(serviceOf({ a: field.bool(1), photo: field.message(Photo, 2) }), NOTHING);
  expect(breaking(files, printOver(serviceOf({ a: field.bool(1) }), files))).toEqual([]);
  const Other = message('M.Other', {});
  const other = serviceOf({ a: field.bool(1), photo: field.message(Other, 2) });
  expect(breaking(files, printOver(other, files)).map(({ name }) => name)).toEqual([
    'app.v1.M.photo',
  ]);
});
