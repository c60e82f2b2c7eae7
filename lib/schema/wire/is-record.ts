import { types } from 'node:util';

const OBJECT = Object.prototype;

/**
 * Whether the value can be read as a message or map: an object, also of a class of one's own, but
 * not one of those that are passed by mistake and would read as empty: an array, a Promise that was
 * not awaited, a generator, a Date, a Map and the like.
 */
export function isRecord(value: unknown): value is { [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === OBJECT || !isBuiltIn(value);
}

function isBuiltIn(value: object): boolean {
  return (
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isPromise(value) ||
    types.isGeneratorObject(value) ||
    types.isNativeError(value) ||
    types.isDate(value) ||
    types.isMap(value) ||
    types.isSet(value) ||
    types.isRegExp(value) ||
    types.isBoxedPrimitive(value)
  );
}
