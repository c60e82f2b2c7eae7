import type { Metadata } from '../context/metadata.js';
import type { RpcError } from '../status/rpc-error.js';
import type { StatusObject } from '../status/status-object.js';
import type { MessageSink } from '../streams/outbox.js';
import type { Compression } from './compression.js';

/** A call as the client core asks a transport to open it. */
export interface OutgoingCall {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Request headers; the transport may keep and change them. */
  readonly metadata: Metadata;
  /** Milliseconds since the epoch, Infinity for none; for the wire, the core enforces it itself. */
  readonly deadline: number;
  /** Whether to wait for a connection instead of failing when there is none; else as the channel's. */
  readonly waitForReady: boolean | undefined;
  /** How to compress requests; as the channel's option says if undefined. */
  readonly compression: Compression | undefined;
}

/** What a transport tells the client core of a call, never from inside `open`. */
export interface ClientCallListener {
  /** Response headers; at most once, before any message. */
  onHeaders(headers: Metadata): void;
  /** One message, after a `request()`; when the call is about to end, all that is left of them. */
  onMessage(bytes: Uint8Array): void;
  /**
   * The end; exactly once, after everything else.
   *
   * @param error - the status as an error, where there is one already
   */
  onStatus(status: StatusObject, error?: RpcError): void;
}

/** What a call can wait for before it is sent; a place is one of the streams of a connection. */
export type CallWait = 'a connection' | 'a place' | 'a place, perhaps' | 'its interceptors';

/** The client's side of one call on the wire. */
export interface ClientWire extends MessageSink {
  /** Asks for one more message; never twice without a message between. */
  request(): void;
  /** Resets the call. Does nothing once it has ended. */
  cancel(code: number, details: string): void;
  /** The server's address, or the target while there is no connection. */
  readonly peer: string;
  /** Whether the call has got a connection. */
  readonly connected: boolean;
  /** What it waits for, where that is known better than from `connected`. */
  readonly waitsFor?: CallWait | undefined;
}

/** What starts calls: a transport, or what stands before one. */
export interface CallOpener {
  /** Starts a call. May throw when closed. */
  open(call: OutgoingCall, listener: ClientCallListener): ClientWire;
}

/** A connection, or many, to one target. */
export interface ClientTransport extends CallOpener {
  /** Whether nobody on the way can read what is sent. */
  readonly secure: boolean;
  /** Connects; resolves when calls would go out at once, rejects with an RpcError when it gives up. */
  waitForReady(timeout: number, signal: AbortSignal | undefined): Promise<void>;
  /** Closes the connections; the core has ended every call before. */
  close(): void;
}
