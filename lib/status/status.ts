/**
 * The status codes of gRPC, by number.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
 */
export const Status = {
  /** Success; the only status that is no error. */
  OK: 0,
  /** The call was cancelled, usually by its caller. */
  CANCELLED: 1,
  /** An error without a better code, such as a handler's unexpected exception. */
  UNKNOWN: 2,
  /** The request is wrong, whatever the state of the system. */
  INVALID_ARGUMENT: 3,
  /** The deadline passed first. */
  DEADLINE_EXCEEDED: 4,
  /** What was asked for does not exist. */
  NOT_FOUND: 5,
  /** What was to be created exists. */
  ALREADY_EXISTS: 6,
  /** The caller is known and may not do this. */
  PERMISSION_DENIED: 7,
  /** A quota, a limit or a buffer is used up. */
  RESOURCE_EXHAUSTED: 8,
  /** The system is not in the state that the request needs. */
  FAILED_PRECONDITION: 9,
  /** Aborted by a conflict, such as a failed transaction. */
  ABORTED: 10,
  /** The request is past the valid range. */
  OUT_OF_RANGE: 11,
  /** No such method, or the wrong number of messages for it. */
  UNIMPLEMENTED: 12,
  /** An invariant is broken: undecodable messages, protocol errors. */
  INTERNAL: 13,
  /** The service cannot be reached now; trying again may help. */
  UNAVAILABLE: 14,
  /** Data is lost or corrupted beyond repair. */
  DATA_LOSS: 15,
  /** The caller is not authenticated. */
  UNAUTHENTICATED: 16,
} as const;

/** One of the seventeen status codes. */
export type StatusCode = (typeof Status)[keyof typeof Status];

const NAMES = Object.keys(Status);

/** The name of a status code, such as `NOT_FOUND`; `undefined` if there is no such code. */
export function statusName(code: number): string | undefined {
  return typeof code === 'number' ? NAMES[code] : undefined;
}
