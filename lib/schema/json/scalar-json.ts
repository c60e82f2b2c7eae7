import type { Scalar } from '../wire/scalar.js';
import { scalarMisfit } from '../wire/scalar-fit.js';
import { readBase64, writeBase64 } from './base64.js';
import { readFloat, writeFloat } from './float.js';
import { readInteger } from './integer.js';
import type { JsonValue } from './json-value.js';

/** A scalar in JSON. @param value - one that fits */
export function writeScalar(value: unknown, scalar: Scalar): JsonValue {
  switch (scalar) {
    case 'string':
    case 'bool':
      return value as string | boolean;
    case 'bytes':
      return writeBase64(value as Uint8Array);
    case 'float':
    case 'double':
      return writeFloat(value as number, scalar);
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return String(value);
    default:
      return (value as number) || 0; // never -0
  }
}

/** A scalar from JSON. @throws TypeError | RangeError when it does not fit */
export function readScalar(json: unknown, scalar: Scalar): unknown {
  switch (scalar) {
    case 'string':
    case 'bool': {
      const misfit = scalarMisfit(json, scalar, scalar);
      if (misfit !== undefined) throw misfit;
      return json;
    }
    case 'bytes':
      return readBase64(json);
    case 'float':
    case 'double':
      return readFloat(json, scalar);
    default:
      return readInteger(json, scalar);
  }
}
