import { checkMilliseconds, checkOptions } from '../../base/check.js';
import type { Transport } from '../../call/transport.js';
import { Http2ClientTransport } from './client-transport.js';
import { Http2ServerTransport } from './server-transport.js';

/** What the http2 transport may be told. */
export interface Http2Options {
  /**
   * On a server: milliseconds that are to pass between a client's pings, unless the server has sent
   * it something. A client that is too early three times loses its connection, with GOAWAY
   * ENHANCE_YOUR_CALM `too_many_pings`. 10 seconds unless given; 0 is no limit.
   */
  readonly minPingInterval?: number | undefined;
}

/**
 * The shortest time between pings that gRPC's clients can be told. Most servers ask for five minutes;
 * but a client that does not hear of a dead server for so long is of little use.
 */
const DEFAULT_PING_INTERVAL = 10_000;

/**
 * Calls straight over `node:http2`: every message before an error, and near its floor.
 *
 * @throws {TypeError | RangeError} for an unknown or bad option
 */
export function http2(options: Http2Options = {}): Transport {
  checkOptions('http2()', options, ['minPingInterval']);
  const { minPingInterval = DEFAULT_PING_INTERVAL } = options;
  checkMilliseconds('minPingInterval', minPingInterval);
  return {
    client: (target, channel) => new Http2ClientTransport(target, channel),
    server: (limits) => new Http2ServerTransport(limits, minPingInterval),
  };
}
