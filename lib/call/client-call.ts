import type { Metadata } from '../context/metadata.js';
import type { StatusObject } from '../status/status-object.js';

/** What every stream that a stub hands out can do besides reading and writing. */
export interface ClientCall extends AsyncDisposable {
  /** The response headers. Rejects if the call fails before any came. */
  headers(): Promise<Metadata>;
  /**
   * How the call ended; never rejects and reads nothing. It can resolve before the last message
   * is read, but an OK arrives only when the messages before it have been taken in.
   */
  status(): Promise<StatusObject>;
  /**
   * Ends the call as CANCELLED, here at once and on the wire by a reset. What was not yet read is
   * dropped. Does nothing more once the call has ended.
   */
  cancel(reason?: string): void;
  /** The server's address, or the target while there is no connection. */
  readonly peer: string;
  /** Cancels the call unless it has ended; so does the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;
}
