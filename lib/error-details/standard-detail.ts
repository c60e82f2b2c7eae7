import { unknownField } from '../schema/unknown-field.js';
import { type Duration, fromDuration, toDuration } from './duration.js';
import type { DetailOf, StandardType } from './error-detail.js';
import type { ErrorDetailInit } from './error-detail-init.js';
import { rpcSchema } from './rpc-schema.js';

/** The types by which details are told apart, in the order in which they are listed to users. */
export const STANDARD_TYPES: readonly StandardType[] = [
  'BadRequest',
  'DebugInfo',
  'ErrorInfo',
  'Help',
  'LocalizedMessage',
  'PreconditionFailure',
  'QuotaFailure',
  'RequestInfo',
  'ResourceInfo',
  'RetryInfo',
];

type StandardInit = Exclude<ErrorDetailInit, { readonly type: 'Any' }>;

/** Whether `type` names one of the standard details. */
export function isStandardType(type: unknown): type is StandardType {
  return STANDARD_TYPES.includes(type as StandardType);
}

/**
 * The message of a standard detail.
 *
 * @throws {TypeError | RangeError} naming the field that does not fit or does not exist
 */
export function encodeStandard(detail: StandardInit): Uint8Array {
  const { type, ...fields } = detail;
  const name = `google.rpc.${type}`;
  const message: object =
    detail.type === 'RetryInfo'
      ? { ...fields, retryDelay: toDuration(`${name}.retryDelay`, detail.retryDelay) }
      : fields;
  const schema = rpcSchema();
  const bytes = schema.message<object>(name).encode(message);
  const unknown = unknownField(schema, name, message);
  if (unknown === undefined) return bytes;
  const fieldsThere = unknown.fields.join(', ');
  throw new TypeError(`${unknown.path}: no such field; expected one of ${fieldsThere}`);
}

/** The standard detail of a message. @throws Error when the bytes are not a valid one */
export function decodeStandard<Type extends StandardType>(
  type: Type,
  bytes: Uint8Array,
): DetailOf<Type> {
  const fields = rpcSchema().message<{ retryDelay?: Duration }>(`google.rpc.${type}`).decode(bytes);
  const own = type === 'RetryInfo' ? { retryDelay: fromDuration(fields.retryDelay) } : fields;
  return { type, ...own } as unknown as DetailOf<Type>;
}
