import { describe, expect, it } from '@jest/globals';
import { embeddedProto, field, fromJson, message, toJson } from 'tributary';

const Point = message('Point', { latitude: field.int64(1), name: field.string(2) });
const file = embeddedProto({
  name: 'place.proto',
  source: () => 'syntax = "proto3"; message Place { int64 latitude = 1; string name = 2; }',
});

describe.each([
  ['declared in code', Point],
  ['of generated code', file.message<{ latitude: bigint; name: string }>('Place')],
])('the JSON of a message %s', (_what, type) => {
  it('goes both ways', () => {
    const json = { latitude: '9007199254740993', name: 'here' };
    const place = fromJson(type, json);
    expect(place).toEqual({ latitude: 9007199254740993n, name: 'here' });
    expect(toJson(type, place)).toEqual(json);
  });
});
