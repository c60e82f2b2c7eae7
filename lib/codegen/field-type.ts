import type protobuf from 'protobufjs';
import type { FieldShape } from '../schema/wire/message-shape.js';
import { isLong, type Scalar } from '../schema/wire/scalar.js';
import type { ModuleScope } from './module-scope.js';

/** The type of a field, as alternatives of a union, without those for unset. */
export function fieldType(
  way: 'read' | 'write',
  field: protobuf.Field,
  shape: FieldShape,
  scope: ModuleScope,
): string[] {
  const value = valueType(way, field, shape, scope);
  const readonly = way === 'write' ? 'readonly ' : '';
  if (shape.rule === 'map') return [`{ ${readonly}[key: string]: ${value.join(' | ')} }`];
  if (shape.rule !== 'repeated') return value;
  return [`${readonly}${value.length > 1 ? `(${value.join(' | ')})` : value[0]}[]`];
}

/** Whether it may be left out: when read, because it is absent where it was not sent. */
export function isOptional(way: 'read' | 'write', { rule, unset }: FieldShape): boolean {
  if (way === 'write') return rule !== 'required';
  return rule === 'explicit' && unset === undefined;
}

function valueType(
  way: 'read' | 'write',
  { resolvedType }: protobuf.Field,
  { message, scalar }: FieldShape,
  scope: ModuleScope,
): string[] {
  if (message !== undefined) return [way === 'read' ? scope.type(message) : scope.input(message)];
  if (resolvedType !== null) return [scope.type(resolvedType)];
  return scalarType(way, scalar as Scalar);
}

function scalarType(way: 'read' | 'write', scalar: Scalar): string[] {
  if (scalar === 'string') return ['string'];
  if (scalar === 'bool') return ['boolean'];
  if (scalar === 'bytes') return ['Uint8Array'];
  if (!isLong(scalar)) return ['number'];
  return way === 'read' ? ['bigint'] : ['bigint', 'number'];
}
