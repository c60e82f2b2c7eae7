import type { AuthContext } from '../context/auth-context.js';
import type { Metadata } from '../context/metadata.js';
import type { StatusObject } from '../status/status-object.js';
import type { MessageSink } from '../streams/outbox.js';
import type { Compression } from './compression.js';

/** Why the wire ended a call before the server did. */
export type CancelReason = 'cancelled by the client' | 'connection lost';

/** What a transport tells the server core of a call; messages possibly from inside `request()`. */
export interface ServerCallListener {
  /** The transport is ready for calls to the wire. First of all, once. */
  start(): void;
  /** One message, after a `request()`. */
  onMessage(bytes: Uint8Array): void;
  /** The client has half-closed; after the last message, after a `request()`. */
  onHalfClose(): void;
  /** Nothing can be sent or received any more; at most once. May also follow a normal end. */
  onCancel(reason: CancelReason): void;
}

/** The server's side of one call on the wire. */
export interface ServerWire extends Omit<MessageSink, 'halfClose'> {
  /** Request headers. */
  readonly metadata: Metadata;
  /** Milliseconds since the epoch; Infinity for none. */
  readonly deadline: number;
  /** The client's address. */
  readonly peer: string;
  /** How its connection is secured. */
  readonly auth: AuthContext;
  /** Whether replies can be compressed at all. */
  readonly canCompress: boolean;
  /** Asks for one more message or the half-close; never twice without one between. */
  request(): void;
  /**
   * Sends the response headers; at most once, before any message.
   *
   * @param compression - of the messages behind them; as the server's option says if undefined
   */
  sendHeaders(headers: Metadata, compression?: Compression): void;
  /** Ends the call behind the messages already sent. */
  finish(status: StatusObject): void;
}

/** Takes a call that has come in; what it returns hears of it from then on. */
export type AcceptCall = (wire: ServerWire) => ServerCallListener;

/** Where calls come in. */
export interface ServerTransport {
  /**
   * Calls to this path go to `accept`; those to any other are answered UNIMPLEMENTED.
   *
   * @param requestStream - whether the client may send any number of messages
   */
  handle(path: string, requestStream: boolean, accept: AcceptCall): void;
  /**
   * Listens on `host:port` (port 0 picks one) or `unix:path`; may be called for several.
   * Rejects with an Error that says why it cannot.
   */
  listen(address: string): Promise<ListenResult>;
  /** Takes no more connections and calls; resolves when those that are open have ended. */
  drain(): Promise<void>;
  /** Closes whatever is still open, at once. */
  destroy(): void;
}

/** Where a server listens. */
export interface ListenResult {
  /** The port; 0 where there is none. */
  readonly port: number;
  /** What to pass to `connect`. */
  readonly address: string;
}
