import { wrongType } from '../wire/scalar-fit.js';
import type { EnumNames } from './enum-names.js';
import { readInteger } from './integer.js';
import type { JsonValue } from './json-value.js';

/** An enum's value in JSON: its name, or its number when it has none. */
export function writeEnum(
  value: number,
  { isNull, names }: EnumNames,
  asNumber: boolean,
): JsonValue {
  if (isNull) return null;
  return (asNumber ? undefined : names.get(value)) ?? (value || 0);
}

/** An enum's number from its name or number; undefined for a name that it does not have. */
export function readEnum(json: unknown, { name, isNull, numbers }: EnumNames): number | undefined {
  if (json === null && isNull) return 0;
  if (typeof json === 'string') return numbers.get(json);
  if (typeof json !== 'number' && typeof json !== 'bigint') {
    throw wrongType(`a value of the enum ${name} (a name or number)`, json);
  }
  return Number(readInteger(json, 'int32'));
}
