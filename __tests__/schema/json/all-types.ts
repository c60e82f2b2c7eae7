import { inlineProto } from '../../../lib/schema/inline-proto.js';
import type { Scalar } from '../../../lib/schema/wire/scalar.js';

const SCALARS: readonly Scalar[] = [
  'double',
  'float',
  'int32',
  'uint32',
  'sint32',
  'fixed32',
  'sfixed32',
  'int64',
  'uint64',
  'sint64',
  'fixed64',
  'sfixed64',
  'bool',
  'string',
  'bytes',
];
const KEYS = SCALARS.filter((scalar) => !['double', 'float', 'bytes'].includes(scalar));
const WELL_KNOWN: readonly string[] = [
  ...['Any', 'Timestamp', 'Duration', 'FieldMask', 'Struct', 'Value', 'ListValue', 'Empty'],
  ...['DoubleValue', 'FloatValue', 'Int64Value', 'UInt64Value', 'Int32Value', 'UInt32Value'],
  ...['BoolValue', 'StringValue', 'BytesValue'],
];
const OTHERS: readonly (readonly [type: string, name: string])[] = [
  ['Kind', 'kind'],
  ['google.protobuf.NullValue', 'null_value'],
  ['All', 'message'],
  ...WELL_KNOWN.map((name) => [`google.protobuf.${name}`, `known_${name.toLowerCase()}`] as const),
];
const TYPES = [...SCALARS.map((scalar) => [scalar, scalar] as const), ...OTHERS];

function proto3(): string {
  let id = 0;
  const next = () => ++id;
  const isMessage = (type: string) =>
    type === 'All' || (/^google\.protobuf\./.test(type) && !type.endsWith('NullValue'));
  const lines = TYPES.flatMap(([type, name]) => [
    `${type} single_${name} = ${next()};`,
    `repeated ${type} repeated_${name} = ${next()};`,
    `map<string, ${type}> map_of_${name} = ${next()};`,
    ...(isMessage(type) ? [] : [`optional ${type} optional_${name} = ${next()};`]),
  ]);
  const keyed = KEYS.map((key) => `map<${key}, int32> map_by_${key} = ${next()};`);
  const members = TYPES.map(([type, name]) => `${type} one_${name} = ${next()};`);
  return `${lines.join('\n')}\n${keyed.join('\n')}\noneof one { ${members.join('\n')} }
    int32 named = ${next()} [json_name = "@named"]; int32 fieldName1 = ${next()};
    int32 _field_name2 = ${next()}; int32 field__name3 = ${next()}; int32 FieldName4 = ${next()};
    int32 field_5_name = ${next()}; int32 to_string = ${next()}; optional int32 value_of = ${next()};`;
}

const imports = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'];

/** A message with every type of field in every position: `all.All`, in proto3. */
export const all = inlineProto(
  'all.proto',
  `syntax = "proto3"; package all;
  ${imports.map((name) => `import "google/protobuf/${name}.proto";`).join('\n')}
  enum Kind { option allow_alias = true; NONE = 0; ONE = 1; FIRST = 1; LESS = -1; }
  message All { ${proto3()} }`,
);

/** What only proto2 has: `old.Old`. */
export const old = inlineProto(
  'old.proto',
  `syntax = "proto2"; package old;
  enum Level { LOW = 1; HIGH = 2; }
  message Old {
    required int32 key = 1;
    optional Level level = 2;
    repeated Level levels = 3 [packed = true];
    optional bytes raw = 4;
    optional group OldRow = 5 { optional int64 x = 1; repeated group Sub = 2 { optional int32 y = 1; } }
    optional Old inner = 6;
    extensions 100 to 200;
    extend Old { optional Old nested_extension = 102; }
  }
  extend Old { optional int64 extra_weight = 100; repeated Level more_levels = 101; }`,
);
