import { parseMapKey } from './map-key.js';
import type { Scalar } from './scalar.js';
import { article, scalarMisfit } from './scalar-fit.js';

/** Why a property name cannot be a key of a map, in words that follow `path: `; undefined when it can. */
export function keyMisfit(key: string, type: Scalar): Error | undefined {
  let parsed: unknown;
  try {
    parsed = parseMapKey(key, type);
  } catch {
    const expected = type === 'bool' ? "'true' or 'false'" : `${article(type)} in decimal digits`;
    return new TypeError(`expected a key that is ${expected}`);
  }
  const error = scalarMisfit(parsed, type, article(type));
  if (error !== undefined) error.message = `the key: ${error.message}`;
  return error;
}
