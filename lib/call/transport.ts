import type { ChannelOptions } from './channel-options.js';
import type { ClientTransport } from './client-transport.js';
import type { ServerTransport } from './server-transport.js';
import type { ServerTransportOptions } from './server-transport-options.js';

/**
 * A way to carry calls: what `connect` and `Server` take as `transport`. Each call to one of these
 * makes an independent end; an implementation may offer one of the two only.
 */
export interface Transport {
  /**
   * The client's end, towards `target`. Throws a TypeError or RangeError for a bad target, and for
   * an option that it cannot honour and that must not be ignored. The options are checked.
   */
  client(target: string, options: ChannelOptions): ClientTransport;
  /** A server's end. Throws as `client` does. */
  server(options: ServerTransportOptions): ServerTransport;
}
