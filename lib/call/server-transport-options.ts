import type { Compression } from './compression.js';
import type { KeepaliveOptions } from './keepalive-options.js';
import type { ServerTlsOptions } from './tls-options.js';

/** What a server may say of its connections, whatever the transport; each has a safe default. */
export interface ServerTransportOptions {
  /** Secures the connections; clear text unless given. */
  readonly tls?: ServerTlsOptions | undefined;
  /** Every 60 seconds unless given; `false` switches pings off. */
  readonly keepalive?: KeepaliveOptions | false | undefined;
  /**
   * How replies are compressed, for clients that say they can read it; 'identity' unless given. A
   * handler chooses otherwise with `ctx.sendHeaders`. Needs a transport that can, such as `http2()`.
   */
  readonly compression?: Compression | undefined;
  /** The largest message that is taken, in bytes; 4 MiB unless given, Infinity for no limit. */
  readonly maxReceiveMessageSize?: number | undefined;
  /** The largest message that is sent, in bytes; a larger one is refused. Infinity unless given. */
  readonly maxSendMessageSize?: number | undefined;
  /** Calls that may be open on one connection; 1000 unless given. Clients hold further ones back. */
  readonly maxConcurrentStreams?: number | undefined;
  /**
   * Connections that may be open, over all addresses; further ones are closed at once. 10,000
   * unless given.
   */
  readonly maxConnections?: number | undefined;
  /**
   * The largest request headers that are taken, in bytes as HTTP/2 counts; a call with more is
   * refused with RESOURCE_EXHAUSTED before its handler. 16 KiB unless given.
   */
  readonly maxMetadataSize?: number | undefined;
  /** Milliseconds that a connection may take until HTTP/2 is spoken; 10 seconds unless given. */
  readonly handshakeTimeout?: number | undefined;
  /** Milliseconds that a connection lives before it is asked to close; Infinity unless given. */
  readonly maxConnectionAge?: number | undefined;
  /** Milliseconds that the calls on an aged connection may still take; Infinity unless given. */
  readonly maxConnectionAgeGrace?: number | undefined;
  /** Milliseconds without a call after which a connection is closed; Infinity unless given. */
  readonly maxConnectionIdle?: number | undefined;
}
