import { describeMisfit } from '../wire/describe-misfit.js';
import { isLong, type Scalar } from '../wire/scalar.js';
import { article, wrongType } from '../wire/scalar-fit.js';
import { parseInteger } from './decimal.js';

/** An integer from JSON: a number or its digits; exact. A `bigint` for scalars of 64 bits. */
export function readInteger(json: unknown, scalar: Scalar): number | bigint {
  // The usual case; `|| 0` because there is no -0 among integers.
  if (typeof json === 'number' && (json | 0) === json && !isUnsigned(scalar) && !isLong(scalar)) {
    return json || 0;
  }
  const value = exact(json);
  if (value === undefined) throw wrongType(`${article(scalar)} (a whole number)`, json);
  const bits = isLong(scalar) ? 64 : 32;
  const wrapped = isUnsigned(scalar) ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  if (wrapped !== value) {
    throw new RangeError(`expected ${article(scalar)} (${rangeOf(scalar)}), got ${value}`);
  }
  return isLong(scalar) ? value : Number(value);
}

function exact(json: unknown): bigint | undefined {
  if (typeof json === 'bigint') return json;
  if (typeof json === 'string') return parseInteger(json);
  if (typeof json !== 'number' || !Number.isInteger(json)) return undefined;
  if (Number.isSafeInteger(json)) return BigInt(json);
  throw new RangeError(
    `expected an exact integer, got ${describeMisfit(json)}, which may have been rounded: ` +
      'write it as a string, or read the text with fromJsonText',
  );
}

function rangeOf(scalar: Scalar): string {
  const bits = isLong(scalar) ? 64n : 32n;
  if (isUnsigned(scalar)) return `0 to ${2n ** bits - 1n}`;
  return `${-(2n ** (bits - 1n))} to ${2n ** (bits - 1n) - 1n}`;
}

function isUnsigned(scalar: Scalar): boolean {
  return scalar.startsWith('u') || scalar.startsWith('fixed');
}
