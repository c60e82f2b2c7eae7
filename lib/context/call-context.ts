import type { AuthContext } from './auth-context.js';
import type { ContextValues } from './context-values.js';
import type { Metadata, MetadataInit } from './metadata.js';

/** What may be said of a reply with its headers. */
export interface SendHeadersOptions {
  /** How its messages are compressed; as the server's `compression` says unless given. */
  readonly compression?: 'identity' | 'gzip' | 'deflate' | undefined;
}

/**
 * What a handler knows of its call, and what it may say besides messages.
 *
 * Pass it as `parent` to an outgoing call, and that call ends when this one is cancelled and has
 * no later deadline.
 */
export interface CallContext {
  /** The method's path, `/package.Service/Method`. */
  readonly method: string;
  /** The client's address, such as `127.0.0.1:40312`, or `unix:7` for the seventh on a Unix socket. */
  readonly peer: string;
  /** How the connection is secured, and whose certificate the client has shown. */
  readonly auth: AuthContext;
  /** The request headers. */
  readonly metadata: Metadata;
  /**
   * When the call must be over, by the client's deadline or the server's `maxCallDuration`;
   * `undefined` if there is neither.
   */
  readonly deadline: Date | undefined;
  /**
   * Aborts when the call is cancelled, its deadline passes, the connection is lost or the server
   * shuts down by force; `signal.reason` is the `RpcError` that tells which. Never after a normal
   * end. Made when first asked for.
   */
  readonly signal: AbortSignal;
  /** Whether `signal` has aborted, without making one. */
  readonly cancelled: boolean;
  /**
   * Aborts when the server begins to close: a handler that would go on for ever should come to an
   * end, within the grace that `close` gives it. Made when first asked for.
   */
  readonly draining: AbortSignal;
  /** What interceptors have found out for the handler, such as who calls. */
  readonly values: ContextValues;
  /**
   * Trailing metadata, sent with the status; add to it at any time before the end. `set` and `add`
   * throw a TypeError for a key or value that metadata cannot hold.
   */
  readonly trailers: Metadata;
  /** Milliseconds until the deadline, 0 when it has passed, Infinity if there is none. */
  timeRemaining(): number;
  /**
   * Sends the response headers now; without it they leave with the first message.
   *
   * @param options - `compression` is for the messages of this call, if the client can read it
   * @throws {RpcError} FAILED_PRECONDITION when headers were sent already, or the call is over
   * @throws {TypeError} for a key or value that metadata cannot hold, an unknown option, or a
   * compression over a transport that compresses no replies
   * @throws {RangeError} when it is more than 32 KiB
   */
  sendHeaders(metadata: MetadataInit, options?: SendHeadersOptions): void;
  /**
   * Ends the call with this status, by throwing an `RpcError`. `return ctx.abort(…)` lets
   * TypeScript see that nothing follows.
   */
  abort(code: number, details?: string): never;
}
