import type { ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';

/** A connection that carries calls, as one of its calls sees it. */
export interface CallCarrier {
  /** The server's address. */
  readonly peer: string;
  /** Opens a stream; once, as soon as the call has been given the connection. */
  open(headers: OutgoingHttpHeaders): ClientHttp2Stream;
  /** Why the stream ended, if its connection was lost or takes no more. */
  lossOf(stream: ClientHttp2Stream): string | undefined;
  /** Whether the server cannot have begun to handle this stream, so that its call may be made anew. */
  isUnprocessed(stream: ClientHttp2Stream): boolean;
}

/** A call that waits for a connection. */
export interface WaitingCall {
  /** Whether it goes on waiting while there is none to be had. */
  readonly waitForReady: boolean;
  /** There is one, with room for a stream. Called once, unless the call is queued again. */
  start(carrier: CallCarrier): void;
  /** There will be none. */
  fail(code: number, details: string): void;
}

/** Where calls get their connections from. */
export interface CallQueue {
  /** What calls that it has not started wait for. */
  readonly waitsFor: 'a connection' | 'a place';
  /** Starts the call at once or later, or fails it. */
  add(call: WaitingCall): void;
  /** The call is over: it must not be started any more. */
  remove(call: WaitingCall): void;
}
