import { Status } from '../../status/status.js';

const CODES: { readonly [httpStatus: number]: number } = {
  400: Status.INTERNAL,
  401: Status.UNAUTHENTICATED,
  403: Status.PERMISSION_DENIED,
  404: Status.UNIMPLEMENTED,
  429: Status.UNAVAILABLE,
  502: Status.UNAVAILABLE,
  503: Status.UNAVAILABLE,
  504: Status.UNAVAILABLE,
};

/**
 * The status that an answer which is not gRPC's stands for, by its HTTP status.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
 */
export function httpStatusCode(httpStatus: number): number {
  return CODES[httpStatus] ?? Status.UNKNOWN;
}
