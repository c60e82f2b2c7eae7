import { describe, expect, it } from '@jest/globals';
import { inlineProto } from '../../lib/schema/inline-proto.js';
import { unknownField } from '../../lib/schema/unknown-field.js';

const schema = inlineProto(
  'inline.proto',
  `syntax = "proto3";
  package test;
  import "google/protobuf/duration.proto";
  message Outer {
    int32 some_number = 1;
    Inner inner = 2;
    repeated Inner list = 3;
    map<string, Inner> map = 4;
    google.protobuf.Duration span = 5;
  }
  message Inner { string text = 1; }`,
);

describe('inlineProto', () => {
  it('makes a schema of a text and the well-known files that it imports', () => {
    const outer = schema.message<{ someNumber: number; span?: object }>('test.Outer');
    const bytes = outer.encode({ someNumber: 5, span: { seconds: 1n } });
    expect(outer.decode(bytes)).toMatchObject({ someNumber: 5, span: { seconds: 1n, nanos: 0 } });
  });

  it('names what is wrong with the text', () => {
    expect(() => inlineProto('bad.proto', 'syntax = "proto3"; message {')).toThrow(/^bad\.proto/);
    expect(() => inlineProto('bad.proto', 'syntax = "proto3"; import "my.proto";')).toThrow(
      'bad.proto: my.proto is not built in',
    );
  });
});

describe('unknownField', () => {
  const inner = { text: 'x' };
  const whole = { someNumber: 1, inner, list: [inner], map: { a: inner }, span: undefined };

  it('finds none where all are fields, or unset', () => {
    expect(unknownField(schema, 'test.Outer', whole)).toBeUndefined();
    expect(unknownField(schema, 'test.Outer', { odd: undefined, none: null })).toBeUndefined();
  });

  it('finds the first, however deep', () => {
    const odd = { txet: 'x' };
    for (const [message, path, fields] of [
      [{ some_number: 1 }, 'some_number', ['someNumber', 'inner', 'list', 'map', 'span']],
      [{ ...whole, inner: odd }, 'inner.txet', ['text']],
      [{ ...whole, list: [inner, odd] }, 'list.txet', ['text']],
      [{ ...whole, map: { a: inner, b: odd } }, 'map.txet', ['text']],
    ] as [object, string, string[]][]) {
      expect(unknownField(schema, 'test.Outer', message)).toEqual({
        path: `test.Outer.${path}`,
        fields,
      });
    }
  });
});
