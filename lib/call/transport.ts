import type { ClientTransport } from './client-transport.js';
import type { ServerTransport } from './server-transport.js';

/**
 * A way to carry calls: what `connect` and `Server` take as `transport`. Each call to one of these
 * makes an independent end; an implementation may offer one of the two only.
 */
export interface Transport {
  /** The client's end, towards `target`. Throws a TypeError or RangeError for a bad target. */
  client(target: string): ClientTransport;
  /** A server's end. */
  server(): ServerTransport;
}
