import { describe, expect, it } from '@jest/globals';
import { loadService } from '../../../lib/index.js';
import { fromJson, fromJsonText, json, toJson } from '../../../lib/schema/index.js';
import { schemaOf } from '../schema-of.js';
import { all, old } from './all-types.js';

const All = all.message('all.All');
const Old = old.message('old.Old');
const nothing = All.decode(new Uint8Array(0));

describe('fromJson', () => {
  it('gives messages as decoding does, unset fields too', () => {
    expect(fromJson(All, {})).toStrictEqual(nothing);
    const message = fromJson(All, { singleBytes: 'AQI', singleInt64: 5, optionalString: '' });
    expect(message).toStrictEqual(All.decode(All.encode(message)));
    expect(message).toStrictEqual({
      ...nothing,
      singleBytes: new Uint8Array([1, 2]),
      singleInt64: 5n,
      optionalString: '',
    });
  });

  it('gives the defaults that proto2 declares, of bytes a copy', () => {
    const Record = schemaOf(`syntax = "proto2"; message R {
      optional bytes raw = 1 [default = "ab"]; optional int64 big = 2 [default = 9007199254740993]; }`);
    const R = Record.message('R');
    (fromJson(R, {}).raw as Uint8Array)[0] = 0;
    expect(fromJson(R, {})).toStrictEqual(R.decode(new Uint8Array(0)));
    expect(toJson(R, fromJson(R, {}))).toEqual({ raw: 'YWI=', big: '9007199254740993' });
  });

  it('reads groups, extensions and closed enums of proto2', () => {
    const written = {
      key: 1,
      level: 'HIGH',
      levels: ['LOW', 2],
      oldrow: { x: '1', sub: [{ y: 2 }] },
      '[old.extra_weight]': '5',
      '[old.Old.nested_extension]': { key: 2 },
    };
    const message = fromJson(Old, written);
    expect(message).toMatchObject({ level: 2, levels: [1, 2], '[old.extra_weight]': 5n });
    expect(toJson(Old, message)).toEqual({ ...written, levels: ['LOW', 'HIGH'] });
    expect(() => fromJson(Old, { key: 1, '[old.Old.extra_weight]': 1 })).toThrow(/no field/);
  });

  it('wants required fields', () => {
    expect(() => fromJson(Old, { inner: { key: 1 } })).toThrow(
      new TypeError('old.Old: the required field key is missing'),
    );
    expect(() => fromJson(Old, { key: 1, inner: { key: null } })).toThrow(
      new TypeError('old.Old.inner: the required field key is missing'),
    );
  });

  it('passes over unknown fields and enum names when it is told to', () => {
    const given = {
      nope: { deep: [1] },
      singleKind: 'TWO',
      repeatedKind: ['ONE', 'TWO'],
      mapOfKind: { a: 'TWO', b: 'ONE' },
      oneKind: 'TWO',
      oneString: 'set',
      singleKnownAny: { '@type': 'x/google.protobuf.Duration', value: '1s', more: 1 },
      singleMessage: { nope: 1 },
    };
    const message = fromJson(All, given, { ignoreUnknownFields: true });
    expect(message).toMatchObject({
      singleKind: 0,
      repeatedKind: [1],
      mapOfKind: { b: 1 },
      oneString: 'set',
      singleMessage: nothing,
    });
    expect(() => fromJson(All, { singleKind: {} }, { ignoreUnknownFields: true })).toThrow(
      /expected a value of the enum/,
    );
  });

  it('takes a bigint for a number, and undefined for nothing', () => {
    const message = fromJson(All, {
      singleInt64: 2n ** 62n,
      singleInt32: 7n,
      singleDouble: 3n,
      singleKnownValue: 5n,
      singleKind: 1n,
      nope: undefined,
      singleKnownStruct: { a: undefined },
    });
    expect(message).toMatchObject({ singleInt64: 2n ** 62n, singleInt32: 7, singleDouble: 3 });
    expect(message).toMatchObject({ singleKnownValue: { numberValue: 5 }, singleKind: 1 });
    expect(message.singleKnownStruct).toEqual({ fields: {} });
  });

  it('refuses an integer that a number has rounded, unless it has the text', () => {
    expect(() => fromJson(All, { singleUint64: 2 ** 53 + 2 })).toThrow(
      /^all\.All\.singleUint64: expected an exact integer, got 9007199254740994 .* fromJsonText$/,
    );
    const text = '{"singleUint64": 9007199254740993, "singleKnownValue": 9007199254740993}';
    expect(fromJsonText(All, text)).toMatchObject({
      singleUint64: 9007199254740993n,
      singleKnownValue: { numberValue: 9007199254740992 },
    });
    expect(() => fromJson(All, { singleDouble: Number.NaN })).toThrow(/expected a double/);
    expect(() => fromJsonText(All, {} as never)).toThrow(/^fromJsonText\(\) takes text, got \{\}/);
  });

  it('keeps to the depth of the wire, and does not run out of stack', () => {
    const nested = (levels: number) =>
      `${'{"singleMessage":'.repeat(levels)}{}${'}'.repeat(levels)}`;
    const deepest = fromJsonText(All, nested(100));
    expect(All.decode(All.encode(deepest))).toEqual(deepest);
    expect(JSON.stringify(toJson(All, deepest))).toBe(nested(100));
    expect(() => fromJsonText(All, nested(101))).toThrow(/nest deeper than 100 levels/);
    const lists = '['.repeat(50_000) + ']'.repeat(50_000);
    for (const field of ['singleKnownValue', 'singleKnownListvalue', 'repeatedInt32', 'nope']) {
      expect(() => fromJsonText(All, `{"${field}":${lists}}`)).toThrow(/^all\.All/);
    }
    const ignored = fromJsonText(All, `{"nope":${lists}}`, { ignoreUnknownFields: true });
    expect(ignored).toStrictEqual(nothing);
  });

  it('counts messages packed in one another, too', () => {
    const Any = all.message<{ typeUrl: string; value: Uint8Array }>('google.protobuf.Any');
    const typeUrl = 'type.googleapis.com/google.protobuf.Any';
    let packed = { typeUrl: '', value: new Uint8Array(0) };
    for (let i = 0; i < 100; i++) packed = { typeUrl, value: new Uint8Array(Any.encode(packed)) };
    expect(fromJson(Any, toJson(Any, packed))).toEqual(packed);
    for (let i = 0; i < 2000; i++) packed = { typeUrl, value: new Uint8Array(Any.encode(packed)) };
    expect(() => toJson(Any, packed)).toThrow(/nest deeper than 100 levels/);
  });

  it('takes the codecs of loaded services, and finds packed messages in other schemas', async () => {
    const service = await loadService('proto/greeter.proto', 'samples.Greeter');
    const { request } = Object.values(service.methods)[0] as (typeof service.methods)[string];
    expect(fromJson(request, { name: 'jock' })).toEqual({ name: 'jock' });
    const given = { singleKnownAny: { '@type': 'acme.com/old.Old', key: 1 } };
    expect(() => fromJson(All, given)).toThrow(/there is no message 'old\.Old' in the schema/);
    const message = fromJson(All, given, { schemas: [old] });
    expect(message.singleKnownAny).toStrictEqual({
      typeUrl: 'acme.com/old.Old',
      value: new Uint8Array(Old.encode({ key: 1 })),
    });
    expect(toJson(All, message, { schemas: [old] })).toEqual(given);
    expect(() => toJson(All, message)).toThrow(/schemas takes others/);
    const missing = { singleKnownAny: { '@type': 'acme.com/old.Old' } };
    expect(() => fromJson(All, missing, { schemas: [old] })).toThrow(
      /^all\.All\.singleKnownAny: the required field key is missing/,
    );
  });

  it('refuses other codecs and options', () => {
    expect(() => fromJson(json<object>(), {})).toThrow(
      /^fromJson\(\) takes the codec of a protobuf/,
    );
    expect(() => fromJson(All, {}, { ignoreUnknown: true } as object)).toThrow(/has no option/);
    expect(() => fromJson(All, {}, { ignoreUnknownFields: 'yes' as never })).toThrow(/boolean/);
  });

  it('refuses two fields of one JSON name', () => {
    const schema = schemaOf(`syntax = "proto3";
      message M { int32 a = 1 [json_name = "b"]; int32 c = 2 [json_name = "b"]; }
      message N { int32 a = 1 [json_name = "b"]; int32 b = 2 [json_name = "a"]; }`);
    expect(() => fromJson(schema.message('M'), {})).toThrow(/M: two fields are both b in JSON/);
    expect(fromJson(schema.message('N'), { a: 1, b: 2 })).toEqual({ a: 2, b: 1 });
  });
});
