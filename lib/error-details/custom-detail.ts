import { checkFunction } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { Codec } from '../schema/codec.js';
import type { AnyDetail } from './error-detail.js';
import { typeUrlOf } from './type-url.js';

/**
 * A detail made of a message of your own, for `richError`. `findDetail` with the same name and codec
 * reads it.
 *
 * @param typeName - the message's full name, such as `acme.Reason`, or its type URL
 * @throws {TypeError} for a name that is none, and what the codec throws for a bad message
 */
export function customDetail<Input>(
  typeName: string,
  message: Input,
  codec: Pick<Codec<unknown, Input>, 'encode'>,
): AnyDetail {
  if (typeof typeName !== 'string' || !/^(?:.+\/)?[\w.]+$/.test(typeName)) {
    const expected = "a message's full name, such as 'acme.Reason'";
    const got = describeValue(typeName);
    throw new TypeError(`customDetail typeName must be ${expected}, got ${got}`);
  }
  checkFunction('customDetail codec.encode', (codec as Partial<typeof codec> | undefined)?.encode);
  return { type: 'Any', typeUrl: typeUrlOf(typeName), value: codec.encode(message) };
}
