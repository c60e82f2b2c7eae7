import type { CallWait } from '../call/client-transport.js';

/** A call while it is passed on. */
export interface Passage {
  /** The server's address; `undefined` while there is no connection. */
  readonly peer: string | undefined;
  /** Whether it has got a connection. */
  readonly connected: boolean;
  /** What it waits for before it is sent. */
  readonly waitsFor: CallWait | undefined;
  /** Gives it up: it ends with what was thrown. Does nothing once it has ended. */
  fail(thrown: unknown): void;
}
