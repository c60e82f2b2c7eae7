import type { Metadata } from '../../context/metadata.js';
import type { StatusObject } from '../../status/status-object.js';

/** What a wrapped client call can do besides reading and writing: the same as a `ClientCall`. */
export interface WrappedCall extends AsyncDisposable {
  /** The response headers. Rejects if the call fails before any came. */
  headers(): Promise<Metadata>;
  /** How the call ended; never rejects and reads nothing. */
  status(): Promise<StatusObject>;
  /** Ends the call as CANCELLED, at once. What was not yet read is dropped. */
  cancel(reason?: string): void;
  /** The server's address, or the target while there is no connection. */
  readonly peer: string;
  /** Cancels the call unless it has ended; so does the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;
}
