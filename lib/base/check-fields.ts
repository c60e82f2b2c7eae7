import { checkOptions } from './check.js';
import { checkNumber, type NumberRange } from './check-number.js';

/** Throws, naming the option, unless the value is what it takes. */
export type Check = (name: string, value: unknown) => void;

/** A check for every option there is. */
export type FieldChecks<Options> = { readonly [Key in keyof Options]-?: Check };

/**
 * Throws unless `options` is an options object, has none but these options, and each that is given
 * passes its check, under the name `what.option`.
 */
export function checkFields<Options>(
  what: string,
  options: unknown,
  checks: FieldChecks<Options>,
): void {
  checkOptions(what, options, Object.keys(checks));
  for (const [key, check] of Object.entries<Check>(checks)) {
    const value = (options as Record<string, unknown>)[key];
    if (value !== undefined) check(`${what}.${key}`, value);
  }
}

/** The check of a number in a range. */
export function numberIn(range: NumberRange): Check {
  return (name, value) => checkNumber(name, value, range);
}

/** The same check for an option that `false` switches off. */
export function orFalse(check: Check): Check {
  return (name, value) => {
    if (value !== false) check(name, value);
  };
}
