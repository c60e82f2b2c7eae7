import { overflowsFloat } from '../wire/checked-writer.js';
import { shorten } from '../wire/describe-misfit.js';
import { article, wrongType } from '../wire/scalar-fit.js';
import { parseNumber } from './decimal.js';

/** A `float` or `double` from JSON: a number, its digits, or the name of what JSON has no number for. */
export function readFloat(json: unknown, scalar: 'float' | 'double'): number {
  const value = parse(json);
  if (value === undefined) {
    throw wrongType(`${article(scalar)} (a number, 'NaN', 'Infinity' or '-Infinity')`, json);
  }
  if (isNamed(json)) return value;
  if (!Number.isFinite(value) || (scalar === 'float' && overflowsFloat(value))) {
    throw new RangeError(
      `expected ${article(scalar)}, got ${shorten(String(json))}, which is beyond it`,
    );
  }
  return scalar === 'float' ? Math.fround(value) : value;
}

/** A `float` or `double` in JSON; a `float` with as many digits as tell it from all others. */
export function writeFloat(value: number, scalar: 'float' | 'double'): number | string {
  if (!Number.isFinite(value)) return String(value);
  return scalar === 'double' ? value : shortest(Math.fround(value));
}

function parse(json: unknown): number | undefined {
  if (typeof json === 'number') return Number.isNaN(json) ? undefined : json;
  if (typeof json === 'bigint') return Number(json);
  if (typeof json !== 'string') return undefined;
  return isNamed(json) ? Number(json) : parseNumber(json);
}

function isNamed(json: unknown): boolean {
  return json === 'NaN' || json === 'Infinity' || json === '-Infinity';
}

/** 0.1 rather than 0.10000000149011612, which is what its 32 bits are as a double. */
function shortest(float: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return Object.is(float, -0) ? float : short;
  }
  return float;
}
