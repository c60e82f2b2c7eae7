import { checkCount, checkMilliseconds, checkOptions } from '../../base/check.js';
import type { Transport } from '../../call/transport.js';
import { Http2ClientTransport } from './client-transport.js';
import { Http2ServerTransport } from './server-transport.js';

/** What the http2 transport may be told. */
export interface Http2Options {
  /**
   * How many connections a client may have to one address: while those there carry as many calls as
   * the server takes, another is opened. 1 unless given: then calls wait for one another.
   */
  readonly connectionsPerAddress?: number | undefined;
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
 * @throws {TypeError | RangeError} for an unknown option, or one that is not what it takes
 */
export function http2(options: Http2Options = {}): Transport {
  checkOptions('http2()', options, ['connectionsPerAddress', 'minPingInterval']);
  const { connectionsPerAddress = 1, minPingInterval = DEFAULT_PING_INTERVAL } = options;
  checkCount('connectionsPerAddress', connectionsPerAddress, 1);
  checkMilliseconds('minPingInterval', minPingInterval);
  return {
    client: (target, channel) => new Http2ClientTransport(target, channel, connectionsPerAddress),
    server: (limits) => new Http2ServerTransport(limits, minPingInterval),
  };
}
