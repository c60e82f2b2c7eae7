import { describeValue } from './describe-value.js';
import { isKeyed } from './is-keyed.js';

/** Throws unless `value` is a time span: a number of milliseconds, 0 or more; Infinity is none. */
export function checkMilliseconds(name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be a number of milliseconds, got ${describeValue(value)}`);
  }
  if (Number.isNaN(value) || value < 0) {
    throw new RangeError(`${name} must be 0 milliseconds or more, got ${value}`);
  }
}

/** Throws unless `value` is a time span that something can take: more than 0 ms, or Infinity. */
export function checkDuration(name: string, value: unknown): asserts value is number {
  checkMilliseconds(name, value);
  if (value === 0) throw new RangeError(`${name} must be more than 0 milliseconds, got 0`);
}

/** Throws unless `value` is a byte count: a whole number above 0, or Infinity. */
export function checkByteCount(name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be a number of bytes, got ${describeValue(value)}`);
  }
  if (!(value > 0) || (value !== Infinity && !Number.isSafeInteger(value))) {
    throw new RangeError(`${name} must be a whole number of bytes above 0, got ${value}`);
  }
}

/** Throws unless `value` is a whole number of things, `least` or more, or Infinity. */
export function checkCount(name: string, value: unknown, least: number): asserts value is number {
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be a number, got ${describeValue(value)}`);
  }
  if (!(value >= least) || (value !== Infinity && !Number.isSafeInteger(value))) {
    throw new RangeError(`${name} must be a whole number, ${least} or more, got ${value}`);
  }
}

/** Throws unless `value` is an AbortSignal. */
export function checkSignal(name: string, value: unknown): asserts value is AbortSignal {
  if (!(value instanceof AbortSignal)) {
    throw new TypeError(`${name} must be an AbortSignal, got ${describeValue(value)}`);
  }
}

/** Throws unless `value` is a function. */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`${name} must be a function, got ${describeValue(value)}`);
  }
}

/** Throws if `options` is no plain options object or has a key that is not in `known`. */
export function checkOptions(what: string, options: unknown, known: readonly string[]): void {
  if (!isKeyed(options)) {
    throw new TypeError(`${what} takes an options object, got ${describeValue(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new TypeError(`${what} has no option '${key}'; the options are ${known.join(', ')}`);
    }
  }
}

/** The `grace` of `close({ grace })` in milliseconds, or `fallback`; throws for anything else. */
export function checkGrace(
  options: { readonly grace?: number | undefined },
  fallback: number,
): number {
  checkOptions('close()', options, ['grace']);
  const { grace = fallback } = options;
  checkMilliseconds('close grace', grace);
  return grace;
}
