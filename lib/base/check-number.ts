import { describeValue } from './describe-value.js';

/** The numbers that an option takes; finite ones. */
export interface NumberRange {
  /** The least. */
  readonly from?: number;
  /** What it must be greater than. */
  readonly above?: number;
  /** The greatest. */
  readonly upTo?: number;
  readonly whole?: boolean;
  /** Of what, such as 'milliseconds'. */
  readonly unit?: string;
}

/** Throws, naming the option, unless `value` is a number in the range. */
export function checkNumber(
  name: string,
  value: unknown,
  range: NumberRange,
): asserts value is number {
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be ${inWords(range)}, got ${describeValue(value)}`);
  }
  const { from = -Infinity, above = -Infinity, upTo = Infinity, whole = false } = range;
  const fits = value >= from && value > above && value <= upTo && Number.isFinite(value);
  if (!fits || (whole && !Number.isSafeInteger(value))) {
    throw new RangeError(`${name} must be ${inWords(range)}, got ${value}`);
  }
}

function inWords({ from, above, upTo, whole, unit }: NumberRange): string {
  const bounds = [
    from === undefined ? '' : ` from ${from}`,
    above === undefined ? '' : ` above ${above}`,
    upTo === undefined ? '' : ` up to ${upTo}`,
  ].join('');
  return `a ${whole ? 'whole ' : ''}number${unit === undefined ? '' : ` of ${unit}`}${bounds}`;
}
