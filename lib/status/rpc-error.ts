import { describeValue } from '../base/describe-value.js';
import { Metadata, type MetadataInit } from '../metadata/metadata.js';
import { toMetadata } from '../metadata/to-metadata.js';
import { Status, type StatusCode, statusName } from './status.js';

const BRAND: unique symbol = Symbol.for('tributary.RpcError');

let setTrailers: (error: RpcError, trailers: Metadata) => void;

/**
 * The failure of a call: a gRPC status other than OK.
 *
 * A handler throws one to end its call with that status; `details` and `trailers` then travel to
 * the peer, `cause` never does. On the client every failed read, write and reply rejects with one.
 */
export class RpcError extends Error {
  /** The status code, 1 to 16; see `Status`. */
  readonly code: StatusCode;
  /** The status message, without the code's name. */
  readonly details: string;
  #trailers: Metadata | undefined;

  static {
    setTrailers = (error, trailers) => {
      error.#trailers = trailers;
    };
  }

  /**
   * @param code - 1 to 16
   * @param details - words for the peer and its user
   * @param extra - `trailers`: a plain object or a Metadata, copied; `cause`: stays on this side
   * @throws {RangeError} when the code is 0 (OK is no error) or no status code at all, or the
   *   trailers are more than 32 KiB
   * @throws {TypeError} when the details are no string, or the trailers have a key or value that
   *   metadata cannot hold; they would fail on their way to the peer
   */
  constructor(
    code: number,
    details = '',
    extra: { readonly trailers?: MetadataInit | undefined; readonly cause?: unknown } = {},
  ) {
    const name = statusName(code);
    if (name === undefined || code === Status.OK) {
      throw new RangeError(
        `RpcError code must be a status code from 1 to 16, got ${describeValue(code)}`,
      );
    }
    if (typeof details !== 'string') {
      throw new TypeError(`RpcError details must be a string, got ${describeValue(details)}`);
    }
    const { trailers } = extra;
    const copied = trailers === undefined ? undefined : toMetadata('trailers', trailers);
    super(
      details === '' ? name : `${name}: ${details}`,
      'cause' in extra ? { cause: extra.cause } : {},
    );
    this.code = code as StatusCode;
    this.details = details;
    this.#trailers = copied;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** The metadata that came, or is to go, with the status; empty if none did. */
  get trailers(): Metadata {
    this.#trailers ??= new Metadata();
    return this.#trailers;
  }

  /** Whether `value` is an RpcError, of this or another copy of the library. */
  static is(value: unknown): value is RpcError {
    try {
      return typeof value === 'object' && value !== null && BRAND in value;
    } catch {
      return false; // a proxy that answers nothing
    }
  }
}
Object.defineProperty(RpcError.prototype, 'name', {
  value: 'RpcError',
  writable: true,
  configurable: true,
});

/** An RpcError of a status that has come from a peer; its trailers are taken as they are. */
export function receivedError(
  code: number,
  details: string,
  extra: { readonly trailers?: Metadata; readonly cause?: unknown },
): RpcError {
  const { trailers, ...rest } = extra;
  const error = new RpcError(code, details, rest);
  if (trailers !== undefined) setTrailers(error, trailers);
  return error;
}
