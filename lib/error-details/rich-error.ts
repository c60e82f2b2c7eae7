import { describeValue } from '../base/describe-value.js';
import { checkMetadata, LARGEST_METADATA } from '../metadata/check-metadata.js';
import type { MetadataInit } from '../metadata/metadata.js';
import { STATUS_DETAILS } from '../metadata/reserved-keys.js';
import { RpcError } from '../status/rpc-error.js';
import type { AnyDetail } from './error-detail.js';
import type { ErrorDetailInit } from './error-detail-init.js';
import { rpcSchema } from './rpc-schema.js';
import { encodeStandard, isStandardType, STANDARD_TYPES } from './standard-detail.js';
import { typeUrlOf } from './type-url.js';

/**
 * An RpcError with details that programs can read, to be thrown by a handler. They travel as a
 * `google.rpc.Status` in the trailer `grpc-status-details-bin`, which every gRPC knows.
 *
 * ```ts
 * throw richError(Status.INVALID_ARGUMENT, 'the form is wrong', [
 *   { type: 'BadRequest', fieldViolations: [{ field: 'name', description: 'is missing' }] },
 * ]);
 * ```
 *
 * @param code - 1 to 16
 * @param message - the `details` of the error: words for the peer
 * @param details - in any order; `customDetail` makes one of a message of your own
 * @param extra - as for `RpcError`
 * @throws {TypeError | RangeError} naming what does not fit: as `RpcError`, and for a field of a
 *   detail that is unknown or of a wrong type, or for details of more than 32 KiB
 * @see https://google.aip.dev/193
 */
export function richError(
  code: number,
  message: string,
  details: readonly ErrorDetailInit[],
  extra: { readonly trailers?: MetadataInit | undefined; readonly cause?: unknown } = {},
): RpcError {
  const error = new RpcError(code, message, extra);
  Error.captureStackTrace(error, richError);
  if (!Array.isArray(details)) {
    throw new TypeError(`richError details must be an array, got ${describeValue(details)}`);
  }
  const status = { code, message: message.toWellFormed(), details: details.map(pack) };
  const bytes = rpcSchema().message<object>('google.rpc.Status').encode(status);
  if (bytes.length > LARGEST_METADATA) {
    const expected = `${LARGEST_METADATA} bytes or less with their message`;
    throw new RangeError(`richError details must be ${expected}, got ${bytes.length}`);
  }
  error.trailers.set(STATUS_DETAILS, Buffer.from(bytes));
  checkMetadata('trailers', error.trailers);
  return error;
}

function pack(detail: ErrorDetailInit, index: number): Omit<AnyDetail, 'type'> {
  const type: unknown = (detail as ErrorDetailInit | null | undefined)?.type;
  if (type === 'Any') return packAny(detail as AnyDetail, index);
  if (!isStandardType(type)) {
    const types = [...STANDARD_TYPES, 'Any'].join(', ');
    const got = type === undefined ? detail : type;
    throw new TypeError(
      `richError details[${index}] must have a type, one of ${types}; got ${describeValue(got)}`,
    );
  }
  const value = encodeStandard(detail as Exclude<ErrorDetailInit, AnyDetail>);
  return { typeUrl: typeUrlOf(`google.rpc.${type}`), value };
}

function packAny({ typeUrl, value }: AnyDetail, index: number): Omit<AnyDetail, 'type'> {
  if (typeof typeUrl !== 'string' || !/\/[\w.]+$/.test(typeUrl)) {
    const expected = "a host and a full name, such as 'type.googleapis.com/acme.Reason'";
    const got = describeValue(typeUrl);
    throw new TypeError(`richError details[${index}].typeUrl must be ${expected}, got ${got}`);
  }
  return { typeUrl, value };
}
