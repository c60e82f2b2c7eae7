import { describeValue } from '../base/describe-value.js';

/** The largest field number that there is. */
export const LARGEST_NUMBER = 2 ** 29 - 1;

/** @throws {TypeError | RangeError} for what is no field number, or one that protobuf keeps for itself */
export function checkFieldNumber(what: string, number: unknown): asserts number is number {
  if (typeof number !== 'number') {
    throw new TypeError(`${what} must be a number, got ${describeValue(number)}`);
  }
  if (!Number.isInteger(number) || number < 1 || number > LARGEST_NUMBER) {
    throw new RangeError(`${what} must be a whole number, 1 to ${LARGEST_NUMBER}, got ${number}`);
  }
  if (isProtobufsOwn(number)) {
    throw new RangeError(`${what} must not be 19000 to 19999, which are protobuf's, got ${number}`);
  }
}

/** Whether protobuf keeps the number for itself. */
export function isProtobufsOwn(number: number): boolean {
  return number >= 19_000 && number <= 19_999;
}
