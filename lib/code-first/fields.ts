import type { Scalar } from '../schema/wire/scalar.js';
import type { EnumNumbers, MapKey, MessageSpec } from './declarations.js';
import type { EnumType, EnumValue } from './enum-type.js';
import { Field } from './field.js';
import { expectType, type FieldArgs, makeField } from './make-field.js';
import { type MessageType, specOf } from './message-type.js';

const MAP_KEYS: readonly MapKey[] = [
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
];

/**
 * Makes fields: `field.string(1, 'who asks')`, `field.message(Point).repeated()`. Each takes a number,
 * 1 to 2^29 - 1, and a comment for the `.proto`; both may be left out. Throws a TypeError or RangeError
 * at once for anything else.
 */
export const field = {
  double: scalar<number>('double'),
  float: scalar<number>('float'),
  int32: scalar<number>('int32'),
  uint32: scalar<number>('uint32'),
  sint32: scalar<number>('sint32'),
  fixed32: scalar<number>('fixed32'),
  sfixed32: scalar<number>('sfixed32'),
  int64: scalar<bigint, bigint | number>('int64'),
  uint64: scalar<bigint, bigint | number>('uint64'),
  sint64: scalar<bigint, bigint | number>('sint64'),
  fixed64: scalar<bigint, bigint | number>('fixed64'),
  sfixed64: scalar<bigint, bigint | number>('sfixed64'),
  bool: scalar<boolean>('bool'),
  string: scalar<string>('string'),
  bytes: scalar<Uint8Array>('bytes'),

  /** An enum made by `enumType`. */
  enum<Numbers extends EnumNumbers>(
    type: EnumType<Numbers>,
    ...args: FieldArgs
  ): Field<EnumValue<Numbers>> {
    const given = type as Partial<EnumType<Numbers>> | null | undefined;
    if (typeof given?.name !== 'string' || typeof given.numbers !== 'object') {
      throw expectType('field.enum()', 'an enum made by enumType()', type);
    }
    return makeField(type, args);
  },

  /**
   * A message made by `message`, or one of `wellKnown`; of a message that is declared further below,
   * or that holds itself, a function that gives it.
   */
  message<Out, In>(
    type: MessageType<Out, In> | (() => MessageType<Out, In>),
    ...args: FieldArgs
  ): Field<Out | undefined, In> {
    if (typeof type !== 'function') expectSpec(type);
    const late = typeof type === 'function' ? type : () => type;
    return makeField(() => expectSpec(late()), args);
  },

  /** A map: an object whose keys are texts, whatever `key` is, as JavaScript has it. */
  map<Out, In>(
    key: MapKey,
    value: Field<Out, In>,
    ...args: FieldArgs
  ): Field<{ [key: string]: NonNullable<Out> }, { readonly [key: string]: In }> {
    if (!MAP_KEYS.includes(key)) {
      throw expectType('field.map()', `a key of ${MAP_KEYS.join(', ')}`, key);
    }
    if (!(value instanceof Field)) {
      throw expectType('field.map()', 'a field for its values, such as field.string()', value);
    }
    const { type, label, number, comment, deprecated } = value.traits;
    if (label !== 'implicit') throw new TypeError(`the values of a map cannot be ${label}`);
    if (number !== undefined || comment !== undefined || deprecated) {
      throw new TypeError('the number and the comment are those of the map, not of its values');
    }
    return makeField(type, args, { label: 'map', key });
  },
};

function scalar<Out, In = Out>(type: Scalar): (...args: FieldArgs) => Field<Out, In> {
  return (...args) => makeField(type, args);
}

function expectSpec(type: unknown): MessageSpec {
  const spec = specOf(type);
  if (spec !== undefined) return spec;
  const expected = 'a message made by message(), or a function that gives it';
  throw expectType('field.message()', expected, type);
}
