import type { Scalar } from '../../wire/scalar.js';
import { zeroOf } from '../../wire/scalar.js';
import type { Mapping } from '../conversion.js';
import { readScalar, writeScalar } from '../scalar-json.js';

/** A wrapper, such as `google.protobuf.StringValue`: what it holds. */
export function wrapper(scalar: Scalar): Mapping {
  return {
    write: ({ value }) => writeScalar(value ?? zeroOf(scalar), scalar),
    read: (json) => ({ value: readScalar(json, scalar) }),
  };
}
