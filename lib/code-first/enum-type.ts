import { checkOptions } from '../base/check.js';
import { checkBoolean } from '../base/check-boolean.js';
import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import { checkComment } from './comment.js';
import type { EnumNumbers, EnumSpec, Reserved } from './declarations.js';
import { IDENTIFIER } from './proto-name.js';
import { checkReserved, isReserved } from './reserved.js';
import { checkTypeName, lastOf } from './type-name.js';

const INT32 = [-(2 ** 31), 2 ** 31 - 1] as const;

/** A value of an enum: one of its numbers, or any other that a newer peer may have sent. */
export type EnumValue<Numbers extends EnumNumbers> =
  | Numbers[keyof Numbers]
  | (number & Record<never, never>);

/** What can be said of an enum besides its numbers. */
export interface EnumOptions<Numbers extends EnumNumbers> {
  readonly comment?: string | undefined;
  /** Of each number, by its name. */
  readonly comments?: { readonly [Name in keyof Numbers]?: string | undefined } | undefined;
  /** Numbers, ranges and names of values that are gone. */
  readonly reserved?: readonly Reserved[] | undefined;
  readonly deprecated?: boolean | undefined;
}

/** An enum, as `enumType` makes it. */
export interface EnumType<Numbers extends EnumNumbers> extends EnumSpec {
  readonly numbers: Numbers;
}

/**
 * An enum: its numbers by their names, the zero first.
 *
 * ```ts
 * const Color = enumType('Color', { COLOR_UNSPECIFIED: 0, COLOR_RED: 1 });
 * Color.numbers.COLOR_RED; // 1
 * ```
 * @param name - as a message's: `Color`, `Car.Color` within `Car`, or with its package
 * @throws {TypeError | RangeError} for a bad name, a number that is no int32, or no zero in front
 */
export function enumType<const Numbers extends EnumNumbers>(
  name: string,
  numbers: Numbers,
  options: EnumOptions<Numbers> = {},
): EnumType<Numbers> {
  checkTypeName('enumType()', name);
  checkOptions(`enumType('${name}')`, options, ['comment', 'comments', 'reserved', 'deprecated']);
  if (!isKeyed(numbers)) {
    throw new TypeError(`${name}: expected an object of numbers, got ${describeValue(numbers)}`);
  }
  const { comment, deprecated = false } = options;
  const comments = new Map(Object.entries<string | undefined>(options.comments ?? {}));
  const reserved = checkReserved(name, options.reserved ?? [], INT32);
  checkComment(`the comment of ${name}`, comment);
  checkBoolean(`deprecated of ${name}`, deprecated);
  for (const [value, text] of comments) {
    if (!Object.hasOwn(numbers, value))
      throw new TypeError(`${name} has no ${value} to comment on`);
    checkComment(`the comment of ${name}.${value}`, text);
  }
  checkNumbers(name, numbers, reserved);
  const frozen = Object.freeze({ ...numbers });
  return Object.freeze({ name, numbers: frozen, comment, comments, reserved, deprecated });
}

function checkNumbers(name: string, numbers: EnumNumbers, reserved: readonly Reserved[]): void {
  const entries = Object.entries<unknown>(numbers);
  const byShortName = new Map<string, string>();
  for (const [key, number] of entries) {
    // Where a value may stand, these two begin statements of their own.
    if (!IDENTIFIER.test(key) || key === 'option' || key === 'reserved') {
      throw new TypeError(`${name}: '${key}' cannot be the name of an enum's value`);
    }
    if (typeof number !== 'number' || (number | 0) !== number) {
      throw new RangeError(`${name}.${key} must be an int32, got ${describeValue(number)}`);
    }
    for (const what of [key, number]) {
      if (isReserved(reserved, what)) throw new RangeError(`${name}.${key}: ${what} is reserved`);
    }
    const short = shortName(lastOf(name), key);
    const other = byShortName.get(short) ?? key;
    if (other !== key && numbers[other] !== number) {
      throw new TypeError(`${name}: ${other} and ${key} are one name without the enum's own`);
    }
    byShortName.set(short, key);
  }
  if (entries[0]?.[1] !== 0) {
    throw new RangeError(`${name}: the first value of an enum must be 0, as its default`);
  }
}

/** What generators for some languages make of the name; protoc refuses two that are one there. */
function shortName(enumName: string, key: string): string {
  const letters = [...enumName.replaceAll('_', '').toLowerCase()];
  let at = 0;
  for (const letter of letters) {
    while (key[at] === '_') at += 1;
    if (key[at]?.toLowerCase() !== letter) return pascalCase(key);
    at += 1;
  }
  const rest = key.slice(at).replace(/^_+/, '');
  return /^[A-Za-z]/.test(rest) ? pascalCase(rest) : pascalCase(key);
}

function pascalCase(name: string): string {
  const words = name.split('_').filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('');
}
