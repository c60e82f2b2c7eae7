import { Metadata } from '@grpc/grpc-js';
import { describeValue } from '../base/describe-value.js';
import { Status, type StatusCode, statusName } from './status.js';

const BRAND: unique symbol = Symbol.for('tributary.RpcError');

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

  /**
   * @param code - 1 to 16
   * @param details - words for the peer and its user
   * @throws {RangeError} when the code is 0 (OK is no error) or no status code at all
   * @throws {TypeError} when the details are no string; they would fail on their way to the peer
   */
  constructor(
    code: number,
    details = '',
    extra: { trailers?: Metadata | undefined; cause?: unknown } = {},
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
    if (trailers !== undefined && typeof trailers?.toHttp2Headers !== 'function') {
      throw new TypeError(`RpcError trailers must be a Metadata, got ${describeValue(trailers)}`);
    }
    super(
      details === '' ? name : `${name}: ${details}`,
      'cause' in extra ? { cause: extra.cause } : {},
    );
    this.code = code as StatusCode;
    this.details = details;
    this.#trailers = trailers;
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
