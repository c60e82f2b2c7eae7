import { overflowsFloat } from './checked-writer.js';
import { describeMisfit, preview } from './describe-misfit.js';
import { isLong, type Scalar } from './scalar.js';

const INT32 = [-2147483648, 2147483647] as const;
const UINT32 = [0, 4294967295] as const;
const INT64 = [-9223372036854775808n, 9223372036854775807n] as const;
const UINT64 = [0n, 18446744073709551615n] as const;

/**
 * Why a value does not fit a scalar field, in words that follow `path: `; undefined when it fits.
 * It holds to the same rules as the writer, which only says that something does not.
 */
export function scalarMisfit(value: unknown, scalar: Scalar, what: string): Error | undefined {
  switch (scalar) {
    case 'string':
      if (typeof value !== 'string') return wrongType('a string', value);
      return value.isWellFormed()
        ? undefined
        : new RangeError(`expected well-formed text, got ${preview(value)} with a lone surrogate`);
    case 'bytes':
      return value instanceof Uint8Array ? undefined : wrongType('a Uint8Array', value);
    case 'bool':
      return typeof value === 'boolean' ? undefined : wrongType('a boolean', value);
    case 'double':
    case 'float':
      if (typeof value !== 'number') return wrongType('a number', value);
      return scalar === 'float' && overflowsFloat(value)
        ? new RangeError(`expected a float (up to ±3.4028235e38), got ${value}`)
        : undefined;
    default:
      return isLong(scalar) ? longMisfit(value, scalar) : intMisfit(value, scalar, what);
  }
}

function intMisfit(value: unknown, scalar: Scalar, what: string): Error | undefined {
  const [min, max] = scalar === 'uint32' || scalar === 'fixed32' ? UINT32 : INT32;
  const expected = `${what} (${min} to ${max})`;
  if (typeof value !== 'number') return wrongType(expected, value);
  if (Number.isInteger(value) && value >= min && value <= max) return undefined;
  return new RangeError(`expected ${expected}, got ${value}`);
}

function longMisfit(value: unknown, scalar: Scalar): Error | undefined {
  const [min, max] = scalar === 'uint64' || scalar === 'fixed64' ? UINT64 : INT64;
  const expected = `${article(scalar)} (a bigint or safe integer, ${min} to ${max})`;
  if (typeof value !== 'bigint' && typeof value !== 'number') return wrongType(expected, value);
  const fits = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (fits && value >= min && value <= max) return undefined;
  return new RangeError(`expected ${expected}, got ${preview(value)}`);
}

/** `an int32`, `a uint32`: the type with its article. */
export function article(scalar: Scalar): string {
  return `${scalar.startsWith('int') ? 'an' : 'a'} ${scalar}`;
}

/** A `TypeError` with what was expected and what came. */
export function wrongType(expected: string, value: unknown): TypeError {
  return new TypeError(`expected ${expected}, got ${describeMisfit(value)}`);
}
