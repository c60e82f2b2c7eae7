import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import { schemaOf } from './schema-of.js';

const schema = schemaOf(`syntax = "proto2"; package old;
  enum Level { LOW = 1; HIGH = 2; }
  message Part { required string id = 1; }
  message Record {
    required int32 key = 1; optional string note = 2; optional Level level = 3 [default = HIGH];
    optional double ratio = 4 [default = -inf]; optional bytes raw = 5 [default = "abcd"];
    optional bool on = 6 [default = true]; repeated group Row = 7 { optional int32 x = 1; optional group Sub = 2 { optional int32 y = 1; } }
    optional Part part = 8; repeated int32 loose = 9; repeated int32 tight = 10 [packed = true];
    optional string text = 11 [default = "a\\"b"]; extensions 100 to 200;
  }
  extend Record { optional int32 extra_weight = 100; }`);
const Record = schema.message('old.Record');
const defaults = {
  level: 2,
  ratio: -Infinity,
  raw: new Uint8Array([97, 98, 99, 100]),
  on: true,
  row: [],
  loose: [],
  tight: [],
  text: 'a"b',
};

describe('proto2', () => {
  it('gives the defaults that are declared, and nothing for other unset fields', () => {
    expect(Record.decode(Record.encode({ key: 0 }))).toStrictEqual({ key: 0, ...defaults });
  });

  it('gives each message a bytes default of its own', () => {
    (Record.decode(Record.encode({ key: 0 })).raw as Uint8Array)[0] = 0;
    expect(Record.decode(Record.encode({ key: 0 })).raw).toStrictEqual(defaults.raw);
  });

  it('writes zeros and defaults that are set', () => {
    expect(Record.encode({ key: 0, note: '', on: true })).toEqual(
      Buffer.from([8, 0, 18, 0, 48, 1]),
    );
  });

  it('names a required field that is missing, both ways', () => {
    expect(() => Record.encode({})).toThrow(
      new TypeError('old.Record.key: a required field, but it is undefined'),
    );
    expect(() => Record.encode({ key: 1, part: {} })).toThrow(
      /^old\.Record\.part\.id: a required field/,
    );
    expect(() => Record.decode(new Uint8Array(0))).toThrow(
      /required field old\.Record\.key is missing/,
    );
    expect(() => Record.decode(Buffer.from([8, 1, 66, 0]))).toThrow(
      /required field old\.Part\.id is missing/,
    );
  });

  it('carries groups inside groups', () => {
    const value = { key: 1, row: [{ x: 1, sub: { y: 2 } }, {}] };
    const bytes = Record.encode(value);
    expect(Record.decode(bytes)).toStrictEqual({ ...defaults, ...value });
    const w = new BinaryWriter().tag(1, 0).int32(1).tag(7, 3).tag(1, 0).int32(1);
    w.tag(2, 3).tag(1, 0).int32(2).tag(2, 4).tag(7, 4).tag(7, 3).tag(7, 4);
    expect(Buffer.from(bytes)).toEqual(Buffer.from(w.finish()));
  });

  it('refuses a group without its end', () => {
    expect(() => Record.decode(Buffer.from([8, 1, 59, 8, 1]))).toThrow(/a group has no end/);
    expect(() => Record.decode(Buffer.from([8, 1, 60]))).toThrow(/not a valid old.Record message/);
  });

  it('packs only where that is declared', () => {
    const bytes = Record.encode({ key: 1, loose: [1, 2], tight: [1, 2] });
    expect(Buffer.from(bytes)).toEqual(Buffer.from([8, 1, 72, 1, 72, 2, 82, 2, 1, 2]));
  });

  it('has extensions under their names in brackets', () => {
    const value = { key: 1, '[old.extra_weight]': 5 };
    expect(Record.decode(Record.encode(value))).toStrictEqual({ ...defaults, ...value });
    expect(() => Record.encode({ key: 1, '[old.extra_weight]': 'x' })).toThrow(
      /^old\.Record\.\[old\.extra_weight\]/,
    );
  });
});

it('editions follow their features', () => {
  const codec = schemaOf(`edition = "2023"; message E {
    int32 present = 1; int32 bare = 2 [features.field_presence = IMPLICIT]; repeated int32 list = 3;
    E inner = 4 [features.message_encoding = DELIMITED];
  }`).message('E');
  expect(codec.decode(new Uint8Array(0))).toStrictEqual({ bare: 0, list: [] });
  const bytes = codec.encode({ present: 0, bare: 0, list: [1], inner: {} });
  expect(Buffer.from(bytes)).toEqual(Buffer.from([8, 0, 26, 1, 1, 35, 36]));
  expect(codec.decode(bytes)).toStrictEqual({
    present: 0,
    bare: 0,
    list: [1],
    inner: { bare: 0, list: [] },
  });
});
