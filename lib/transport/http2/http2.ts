import { checkCount, checkOptions } from '../../base/check.js';
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
}

/**
 * Calls straight over `node:http2`: every message before an error, and near its floor.
 *
 * @throws {TypeError | RangeError} for an unknown option, or one that is not what it takes
 */
export function http2(options: Http2Options = {}): Transport {
  checkOptions('http2()', options, ['connectionsPerAddress']);
  const { connectionsPerAddress = 1 } = options;
  checkCount('connectionsPerAddress', connectionsPerAddress, 1);
  return {
    client: (target, channel) => new Http2ClientTransport(target, channel, connectionsPerAddress),
    server: (limits) => new Http2ServerTransport(limits),
  };
}
