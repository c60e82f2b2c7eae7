import { MISFIT } from './misfit.js';
import type { Scalar } from './scalar.js';

/** The value of a map's key from the property name that it is in JavaScript. @throws MISFIT */
export function parseMapKey(property: string, type: Scalar): unknown {
  if (type === 'string') return property;
  if (type === 'bool') {
    if (property !== 'true' && property !== 'false') throw MISFIT;
    return property === 'true';
  }
  // Only the one way that a number is written: '01' or '1e3' would come back under another name.
  if (!/^(?:0|-?[1-9]\d*)$/.test(property)) throw MISFIT;
  return type.endsWith('64') ? BigInt(property) : Number(property);
}

/** Sets an entry of a map; a plain assignment to `__proto__` would be lost. */
export function setEntry(map: object, key: unknown, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(map, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    (map as { [key: string]: unknown })[String(key)] = value;
  }
}
