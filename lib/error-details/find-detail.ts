import { checkFunction } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { Codec } from '../schema/codec.js';
import type { DetailOf, StandardType } from './error-detail.js';
import { errorDetails } from './error-details.js';
import { receivedDetails } from './received-details.js';
import { isStandardType, STANDARD_TYPES } from './standard-detail.js';
import { nameIn } from './type-url.js';

/**
 * The first detail of a type, undefined when there is none that can be read: as `errorDetails`, this
 * does not throw for what a peer sent.
 *
 * @param source - what was caught, or what `status()` gave, or trailers
 * @param type - a standard type, such as `'RetryInfo'`; or the full name of a message of your own
 *   and its codec
 * @throws {TypeError} when `type` is neither
 */
export function findDetail<Type extends StandardType>(
  source: unknown,
  type: Type,
): DetailOf<Type> | undefined;
export function findDetail<Message>(
  source: unknown,
  type: string,
  codec: Pick<Codec<Message>, 'decode'>,
): Message | undefined;
export function findDetail(
  source: unknown,
  type: string,
  codec?: Pick<Codec<unknown>, 'decode'>,
): unknown {
  if (codec !== undefined) return findCustom(source, type, codec);
  if (!isStandardType(type)) {
    const expected = `one of ${STANDARD_TYPES.join(', ')}, or come with a codec`;
    throw new TypeError(`findDetail type must be ${expected}, got ${describeValue(type)}`);
  }
  return errorDetails(source).find((detail) => detail.type === type);
}

function findCustom(source: unknown, type: string, codec: Pick<Codec<unknown>, 'decode'>): unknown {
  if (typeof type !== 'string') {
    const expected = "a message's full name, such as 'acme.Reason'";
    throw new TypeError(`findDetail type must be ${expected}, got ${describeValue(type)}`);
  }
  checkFunction('findDetail codec.decode', (codec as typeof codec | null)?.decode);
  for (const { typeUrl, value } of receivedDetails(source)) {
    if (nameIn(typeUrl) !== nameIn(type)) continue;
    try {
      return codec.decode(value);
    } catch {
      // Damaged, or another message of that name; a later one may be sound.
    }
  }
  return undefined;
}
