import { describe, expect, it } from '@jest/globals';
import { bytes, json, toJson } from '../../../lib/schema/index.js';
import { schemaOf, thrownBy } from '../schema-of.js';
import { all, old } from './all-types.js';

const All = all.message('all.All');
const Old = old.message('old.Old');

/** The message of what `toJson` throws for this field of `all.All`. */
function refusal(field: string, value: unknown): string {
  return String(thrownBy(() => toJson(All, { [field]: value })));
}

describe('toJson', () => {
  it('leaves out what is unset or holds its default, unless it is told otherwise', () => {
    const Small = schemaOf(SMALL).message('small.Small');
    expect(toJson(Small, {})).toEqual({});
    expect(toJson(Small, { count: 0, tags: [], sizes: {}, raw: new Uint8Array(0) })).toEqual({});
    expect(toJson(Small, { note: null, inner: undefined })).toEqual({});
    const defaults = { count: 0, big: '0', raw: '', level: 'LOW', tags: [], sizes: {}, ratio: 0 };
    expect(toJson(Small, {}, { emitDefaults: true })).toEqual(defaults);
    expect(toJson(Small, { note: '', inner: {} }, { emitDefaults: true })).toEqual({
      ...defaults,
      note: '',
      inner: defaults,
    });
  });

  it('writes what has presence even when it is zero', () => {
    const Small = schemaOf(SMALL).message('small.Small');
    expect(toJson(Small, { note: '', inner: {} })).toEqual({ note: '', inner: {} });
    expect(toJson(Small, { either: 0 })).toEqual({ either: 0 });
  });

  it('writes names and enums as it is told', () => {
    const message = { repeatedKind: [0, 1, -1, 5], fieldName1: 1, named: 2 };
    expect(toJson(All, message)).toEqual({
      repeatedKind: ['NONE', 'ONE', 'LESS', 5],
      fieldName1: 1,
      '@named': 2,
    });
    expect(toJson(All, message, { useProtoNames: true, enumsAsNumbers: true })).toEqual({
      repeated_kind: [0, 1, -1, 5],
      fieldName1: 1,
      named: 2,
    });
  });

  it('takes what encoding takes', () => {
    expect(toJson(All, { singleInt64: 5, singleInt32: -0, other: 'ignored' })).toEqual({
      singleInt64: '5',
    });
    class Point {
      readonly [field: string]: unknown;
      singleInt32 = 1;
    }
    expect(toJson(All, new Point())).toEqual({ singleInt32: 1 });
  });

  it('gives a float the digits that tell it apart, and keeps the sign of zero', () => {
    const floats = [Math.fround(0.1), Math.fround(16777216.1), Math.fround(1 / 3), 1e-45, -0];
    const written = (toJson(All, { repeatedFloat: floats }) as { repeatedFloat: number[] })
      .repeatedFloat;
    expect(written).toEqual([0.1, 16777216, 0.33333334, 1.4013e-45, -0]);
    expect(written.map(Math.fround)).toEqual(floats.map(Math.fround));
  });

  it('writes groups, extensions and closed enums of proto2', () => {
    const message = {
      key: 0,
      level: 9,
      oldRow: { x: 1n, sub: [{ y: 2 }] },
      '[old.extra_weight]': 5n,
      '[old.more_levels]': [1, 2],
      '[old.Old.nested_extension]': { key: 3 },
    };
    expect(toJson(Old, message)).toEqual({
      key: 0,
      level: 9,
      oldrow: { x: '1', sub: [{ y: 2 }] },
      '[old.extra_weight]': '5',
      '[old.more_levels]': ['LOW', 'HIGH'],
      '[old.Old.nested_extension]': { key: 3 },
    });
  });
});

const SMALL = `syntax = "proto3"; package small;
  enum Level { LOW = 0; HIGH = 1; }
  message Small { int32 count = 1; int64 big = 2; bytes raw = 3; Level level = 4; repeated string tags = 5;
    map<string, int32> sizes = 6; double ratio = 7; optional string note = 8; Small inner = 9;
    oneof one { int32 either = 10; string or = 11; } }`;

describe('toJson refuses', () => {
  it('what encoding would refuse, with the path', () => {
    expect(refusal('repeatedInt32', [1, 'x'])).toMatch(
      /^TypeError: all\.All\.repeatedInt32\[1\]: expected an int32/,
    );
    expect(refusal('oneInt32', 2 ** 31)).toMatch(/^RangeError: all\.All\.oneInt32: /);
    expect(() => toJson(All, { oneInt32: 1, oneString: '' })).toThrow(/only one member/);
    expect(() => toJson(Old, {})).toThrow(/^old\.Old\.key: a required field/);
    const cycle: { [field: string]: unknown } = {};
    cycle.singleMessage = cycle;
    expect(() => toJson(All, cycle)).toThrow(/nest deeper than 100 levels/);
  });

  it.each([
    [
      'singleKnownTimestamp',
      { seconds: 253_402_300_800n },
      /singleKnownTimestamp: expected a time/,
    ],
    ['singleKnownTimestamp', { seconds: -62_135_596_801n }, /in the years 1 to 9999/],
    ['singleKnownTimestamp', { seconds: 2n ** 63n - 1n }, /in the years 1 to 9999/],
    ['singleKnownTimestamp', { nanos: -1 }, /expected nanos from 0 to 999999999, got -1/],
    ['singleKnownTimestamp', { nanos: 1_000_000_000 }, /expected nanos/],
    ['singleKnownDuration', { seconds: 315_576_000_001n }, /at most ±315576000000 seconds/],
    ['singleKnownDuration', { seconds: 1n, nanos: -1 }, /of the same sign/],
    ['singleKnownDuration', { nanos: -1_000_000_000 }, /expected nanos from -999999999/],
    ['singleKnownFieldmask', { paths: ['foo__bar'] }, /lowerCamel, got 'foo__bar'/],
    ['singleKnownFieldmask', { paths: ['fooBar'] }, /lowerCamel/],
    ['singleKnownFieldmask', { paths: ['foo_3_bar'] }, /lowerCamel/],
    ['singleKnownFieldmask', { paths: ['a,b'] }, /lowerCamel/],
    ['singleKnownFieldmask', { paths: [''] }, /lowerCamel/],
    ['repeatedKnownValue', [{}], /repeatedKnownValue\[0\]: expected a value/],
    ['singleKnownValue', { numberValue: Number.NaN }, /expected a number that JSON has, got NaN/],
    [
      'singleKnownStruct',
      { fields: { a: { listValue: { values: [{ numberValue: Infinity }] } } } },
      /^RangeError: all\.All\.singleKnownStruct\["a"\]\[0\]: expected a number/,
    ],
    ['singleKnownAny', { value: new Uint8Array(1) }, /expected a typeUrl/],
    ['singleKnownAny', { typeUrl: 'x/no.Such' }, /singleKnownAny: there is no message 'no\.Such'/],
    [
      'singleKnownAny',
      { typeUrl: 'x/all.All', value: new Uint8Array([8]) },
      /singleKnownAny: not a valid all\.All message/,
    ],
  ])('%s of %j, which has no JSON', (field, value, reason) => {
    expect(refusal(field, value)).toMatch(reason);
  });

  it('codecs of something else', () => {
    for (const codec of [json<object>(), bytes, { encode: () => 0, decode: () => 0 }, null]) {
      expect(() => toJson(codec as never, {} as never)).toThrow(
        /^toJson\(\) takes the codec of a protobuf message, such as schema\.message/,
      );
    }
  });

  it('options that there are not', () => {
    const withOptions = (options: object) => () => toJson(All, {}, options);
    expect(withOptions({ emitDefault: true })).toThrow(/toJson\(\) has no option 'emitDefault'/);
    expect(withOptions({ emitDefaults: 1 })).toThrow(/toJson\(\)\.emitDefaults must be a boolean/);
    expect(withOptions({ schemas: all })).toThrow(/schemas must be an array of schemas/);
    expect(withOptions({ schemas: [{}] })).toThrow(/schemas\[0\] must be a schema, .* got \{\}/);
  });
});
