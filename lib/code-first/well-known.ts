import type { MessageSpec } from './declarations.js';
import type { Field } from './field.js';
import { field } from './fields.js';
import type { MessageType } from './message-type.js';
import { messageTypeOf } from './message-type-of.js';
import type { Members, MessageIn, MessageOut } from './message-types.js';

/** A value of JSON, as `google.protobuf.Value` has it: one property is set. `nullValue` is 0. */
export interface Value {
  nullValue?: number | undefined;
  numberValue?: number | undefined;
  stringValue?: string | undefined;
  boolValue?: boolean | undefined;
  structValue?: Struct | undefined;
  listValue?: ListValue | undefined;
}

/** An object of JSON. */
export interface Struct {
  fields: { [key: string]: Value };
}

/** An array of JSON. */
export interface ListValue {
  values: Value[];
}

/**
 * Google's well-known types, for fields and methods: `field.message(wellKnown.Timestamp)`,
 * `unary(wellKnown.Empty, Reply)`. They are messages like any other: a `Timestamp` is
 * `{ seconds: 5n, nanos: 0 }`. The printed `.proto` imports them.
 */
export const wellKnown = {
  Any: wellKnownType('any', 'Any', { typeUrl: field.string(1), value: field.bytes(2) }),
  Duration: wellKnownType('duration', 'Duration', {
    seconds: field.int64(1),
    nanos: field.int32(2),
  }),
  Empty: wellKnownType('empty', 'Empty', {}),
  FieldMask: wellKnownType('field_mask', 'FieldMask', { paths: field.string(1).repeated() }),
  Timestamp: wellKnownType('timestamp', 'Timestamp', {
    seconds: field.int64(1),
    nanos: field.int32(2),
  }),
  Struct: typeIn<Struct>('struct', 'Struct'),
  Value: typeIn<Value>('struct', 'Value'),
  ListValue: typeIn<ListValue>('struct', 'ListValue'),
  BoolValue: wrapper('BoolValue', field.bool(1)),
  BytesValue: wrapper('BytesValue', field.bytes(1)),
  DoubleValue: wrapper('DoubleValue', field.double(1)),
  FloatValue: wrapper('FloatValue', field.float(1)),
  Int32Value: wrapper('Int32Value', field.int32(1)),
  Int64Value: wrapper('Int64Value', field.int64(1)),
  StringValue: wrapper('StringValue', field.string(1)),
  UInt32Value: wrapper('UInt32Value', field.uint32(1)),
  UInt64Value: wrapper('UInt64Value', field.uint64(1)),
};

/** The members are for the types only: Google's file says what is on the wire. */
function wellKnownType<const M extends Members>(
  file: string,
  name: string,
  _members: M,
): MessageType<MessageOut<M>, MessageIn<M>> {
  return typeIn(file, name);
}

function wrapper<Out, In>(
  name: string,
  _value: Field<Out, In>,
): MessageType<{ value: Out }, { readonly value?: In | null | undefined }> {
  return typeIn('wrappers', name);
}

function typeIn<Out, In = Out>(file: string, name: string): MessageType<Out, In> {
  const spec: MessageSpec = {
    name: `google.protobuf.${name}`,
    members: [],
    comment: undefined,
    reserved: [],
    deprecated: false,
    file: `google/protobuf/${file}.proto`,
  };
  return messageTypeOf(spec);
}
