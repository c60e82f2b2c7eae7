import type { Mapping } from '../conversion.js';
import { any } from './any.js';
import { duration } from './duration.js';
import { fieldMask } from './field-mask.js';
import { listValue, struct, value } from './struct.js';
import { timestamp } from './timestamp.js';
import { wrapper } from './wrapper.js';

const MAPPINGS: ReadonlyMap<string, Mapping> = new Map([
  ['google.protobuf.Any', any],
  ['google.protobuf.Timestamp', timestamp],
  ['google.protobuf.Duration', duration],
  ['google.protobuf.FieldMask', fieldMask],
  ['google.protobuf.Struct', struct],
  ['google.protobuf.Value', value],
  ['google.protobuf.ListValue', listValue],
  ['google.protobuf.DoubleValue', wrapper('double')],
  ['google.protobuf.FloatValue', wrapper('float')],
  ['google.protobuf.Int64Value', wrapper('int64')],
  ['google.protobuf.UInt64Value', wrapper('uint64')],
  ['google.protobuf.Int32Value', wrapper('int32')],
  ['google.protobuf.UInt32Value', wrapper('uint32')],
  ['google.protobuf.BoolValue', wrapper('bool')],
  ['google.protobuf.StringValue', wrapper('string')],
  ['google.protobuf.BytesValue', wrapper('bytes')],
]);

/** The JSON form of the well-known type of this full name, if it has one of its own. */
export function mappingOf(name: string): Mapping | undefined {
  return MAPPINGS.get(name);
}
