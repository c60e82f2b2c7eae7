/**
 * Pings that notice a peer which is gone without a word. One that does not answer within `timeout`
 * is given up: its connection is closed and the calls on it fail with UNAVAILABLE.
 */
export interface KeepaliveOptions {
  /** Milliseconds between pings. */
  readonly time?: number | undefined;
  /** Milliseconds that an answer may take; 20 seconds unless given. */
  readonly timeout?: number | undefined;
}
