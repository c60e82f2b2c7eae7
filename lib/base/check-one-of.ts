import { describeValue } from './describe-value.js';

/** Throws, listing the choices, unless `value` is one of them. */
export function checkOneOf<T extends string>(
  name: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  if ((choices as readonly unknown[]).includes(value)) return;
  const listed = choices.map((choice) => `'${choice}'`).join(', ');
  const Misfit = typeof value === 'string' ? RangeError : TypeError;
  throw new Misfit(`${name} must be one of ${listed}, got ${describeValue(value)}`);
}
