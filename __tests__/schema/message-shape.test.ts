import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import { schemaOf } from './schema-of.js';

const schema = schemaOf(`syntax = "proto3"; package zoo;
  enum Diet { UNKNOWN = 0; PLANTS = 1; MEAT = 2; }
  message Animal {
    string full_name = 1; double weight = 2; bool tame = 3; bytes photo = 4; Diet diet = 5;
    repeated string nick_names = 6; map<string, int32> toys = 7; Animal mother = 8;
    optional int32 age = 9; oneof home { string cage = 10; Animal on_back_of = 11; int64 tree = 12; }
    repeated Diet diets = 13; map<int32, Animal> children = 14; map<bool, bytes> flags = 15;
    string foo_1bar = 16; string to_string = 17; uint32 constructor = 18; optional string value_of = 19;
  }`);
const Animal = schema.message('zoo.Animal');
const empty = {
  fullName: '',
  weight: 0,
  tame: false,
  photo: new Uint8Array(0),
  diet: 0,
  nickNames: [],
  toys: {},
  diets: [],
  children: {},
  flags: {},
  foo1bar: '',
  toString: '',
  constructor: 0,
  valueOf: undefined,
};
const roundTrip = (value: { [field: string]: unknown }) => Animal.decode(Animal.encode(value));

describe('a decoded message', () => {
  it('is a plain object whose defaults are its own properties', () => {
    const message = Animal.decode(new Uint8Array(0));
    expect(message).toStrictEqual(empty);
    expect({ ...message }).toStrictEqual(empty);
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
  });

  it('has no property for an unset message, optional or oneof field', () => {
    const message = Animal.decode(new Uint8Array(0));
    expect(['mother', 'age', 'cage', 'onBackOf', 'tree'].filter((name) => name in message)).toEqual(
      [],
    );
  });

  it('does not share its lists and maps with the next', () => {
    (Animal.decode(new Uint8Array(0)).nickNames as string[]).push('x');
    expect(Animal.decode(new Uint8Array(0)).nickNames).toEqual([]);
  });

  it('keeps a default that arrives explicitly', () => {
    const zeros = new BinaryWriter()
      .tag(1, 2)
      .string('')
      .tag(2, 1)
      .double(0)
      .tag(3, 0)
      .bool(false)
      .tag(5, 0)
      .int32(0);
    expect(Animal.decode(zeros.finish())).toStrictEqual(empty);
  });

  it('comes back as it was written', () => {
    const value = {
      ...empty,
      fullName: 'Dumbo 🐘',
      weight: -0,
      tame: true,
      photo: new Uint8Array([0, 255]),
      diet: 1,
      nickNames: ['', 'é'],
      toys: { ball: 3, '': 0 },
      mother: { ...empty, age: 0 },
      age: 0,
      onBackOf: { ...empty },
      diets: [2, 0],
      children: { '-1': { ...empty }, 7: { ...empty, cage: '' } },
      flags: { true: new Uint8Array([1]), false: new Uint8Array(0) },
      valueOf: 'x',
    };
    expect(roundTrip(value)).toStrictEqual(value);
  });

  it('keeps enum numbers it has no name for', () => {
    expect(roundTrip({ diet: 99, diets: [-5] })).toMatchObject({ diet: 99, diets: [-5] });
    expect(schema.enum('zoo.Diet')).toEqual({ UNKNOWN: 0, PLANTS: 1, MEAT: 2 });
    expect(Object.isFrozen(schema.enum('zoo.Diet'))).toBe(true);
  });

  it('holds the member of a oneof that came last, alone', () => {
    const w = new BinaryWriter()
      .tag(10, 2)
      .string('steel')
      .tag(12, 0)
      .int64(4n)
      .tag(10, 2)
      .string('wood');
    const message = Animal.decode(w.finish());
    expect(message.cage).toBe('wood');
    expect('tree' in message).toBe(false);
  });

  it('joins the parts of a message that arrives in two', () => {
    const half = (value: object) => Animal.encode({ mother: value });
    const both = Buffer.concat([
      half({ fullName: 'Jane', nickNames: ['a'] }),
      half({ weight: 2, nickNames: ['b'] }),
    ]);
    expect(Animal.decode(both).mother).toStrictEqual({
      ...empty,
      fullName: 'Jane',
      weight: 2,
      nickNames: ['a', 'b'],
    });
  });

  it('passes over fields it does not know, groups among them', () => {
    const w = new BinaryWriter()
      .tag(100, 0)
      .int32(1)
      .tag(101, 2)
      .string('?')
      .tag(102, 3)
      .tag(1, 5)
      .fixed32(1);
    w.tag(102, 4).tag(1, 1).fixed64(3n).tag(3, 0).bool(true);
    expect(Animal.decode(w.finish())).toStrictEqual({ ...empty, tame: true });
  });

  it('owns its bytes when they are small', () => {
    const chunk = Buffer.from(Animal.encode({ photo: new Uint8Array([1, 2, 3]) }));
    const { photo } = Animal.decode(chunk) as { photo: Uint8Array };
    chunk.fill(0);
    expect(photo).toStrictEqual(new Uint8Array([1, 2, 3]));
    expect(photo.buffer.byteLength).toBe(3);
  });

  it('gives large bytes too, whole and as a plain Uint8Array', () => {
    const photo = new Uint8Array(10_000).fill(7);
    expect(roundTrip({ photo }).photo).toStrictEqual(photo);
  });
});

describe('map keys', () => {
  it('may be __proto__, without harm', () => {
    const toys = JSON.parse('{"__proto__": 1, "constructor": 2}') as object;
    const decoded = roundTrip({ toys }).toys as object;
    expect(Object.entries(decoded)).toEqual(Object.entries(toys));
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  });

  it('fill in what an entry leaves out', () => {
    const w = new BinaryWriter();
    for (const field of [7, 14, 15]) w.tag(field, 2).fork().join();
    const message = Animal.decode(w.finish());
    expect(message.toys).toStrictEqual({ '': 0 });
    expect(message.children).toStrictEqual({ 0: empty });
    expect(message.flags).toStrictEqual({ false: new Uint8Array(0) });
  });
});

describe('encoding', () => {
  it('reads class instances, getters and inherited properties too', () => {
    class Named {
      get fullName() {
        return 'Ada';
      }
    }
    expect(Animal.decode(Animal.encode(new Named() as never)).fullName).toBe('Ada');
  });

  it('may happen again inside a getter', () => {
    const value = {
      fullName: 'outer',
      get photo() {
        return Animal.encode({ fullName: 'inner' });
      },
    };
    const decoded = Animal.decode(Animal.encode(value));
    expect(decoded.fullName).toBe('outer');
    expect(Animal.decode(decoded.photo as Uint8Array).fullName).toBe('inner');
  });

  it('gives bytes that later messages do not change', () => {
    const first = Animal.encode({ fullName: 'first' });
    const before = Buffer.from(first);
    Animal.encode({ fullName: 'second' });
    expect(before.equals(first)).toBe(true);
  });

  it('takes null for unset and ignores properties it does not know', () => {
    expect(
      Animal.encode({ fullName: null, mother: null, toys: null, nickNames: undefined, who: 1 }),
    ).toHaveLength(0);
  });
});
