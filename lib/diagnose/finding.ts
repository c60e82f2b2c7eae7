/**
 * What may be wrong with a call:
 *
 * - `forgotten`: nobody reads, writes or ends it, or its stream was garbage-collected while open;
 * - `unread`: messages have come, and nobody reads them;
 * - `write-block`: a write waits while messages wait unread here: should the peer do the same, both
 *   wait for ever;
 * - `no-half-close`: an answer is awaited while the requests could go on;
 * - `waiting`: it could not be sent yet;
 * - `stuck-handler`: its handler neither reads, writes nor returns, and nothing would tell it of the
 *   call's end.
 */
export type FindingKind =
  | 'forgotten'
  | 'unread'
  | 'write-block'
  | 'no-half-close'
  | 'waiting'
  | 'stuck-handler';

/** A call that stands still in a way that is probably a mistake. */
export interface Finding {
  readonly kind: FindingKind;
  readonly side: 'client' | 'server';
  /** `/package.Service/Method`. */
  readonly method: string;
  /** The other side's address, or the target while there is no connection. */
  readonly peer: string;
  /** All of it in one sentence. */
  readonly message: string;
  /** The line that opened the call; on a server, the one that added its service. */
  readonly openedAt: string | undefined;
  /** Milliseconds since the call was opened. */
  readonly age: number;
  /** Milliseconds for which it has stood still. */
  readonly quiet: number;
  /** Bytes written and not yet sent. */
  readonly bufferedBytes: number;
  /** Bytes received and not yet read. */
  readonly unreadBytes: number;
}
