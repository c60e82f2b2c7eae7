import type { ChannelOptions } from '@grpc/grpc-js';
import { checkOptions } from '../../base/check.js';
import { describeValue } from '../../base/describe-value.js';
import { isKeyed } from '../../base/is-keyed.js';
import type { Transport } from '../../call/transport.js';
import { GrpcClientTransport } from './client-transport.js';
import { GrpcServerTransport } from './server-transport.js';

/** What the grpc-js transport may be told. */
export interface GrpcOptions {
  /** Passed on to grpc-js as they are; they go before the options of a client or server. */
  readonly channelOptions?: ChannelOptions | undefined;
  /**
   * Watches connections and calls for channelz, which costs a little on each message, and answers
   * channelz (`grpc.channelz.v1.Channelz`) on the servers. It tells of everything in the process
   * that is watched, so give it a server and a port of its own if peers are not to see that.
   */
  readonly admin?: boolean | undefined;
}

/**
 * The default transport: calls over grpc-js, with its resolvers, load balancing and retries.
 *
 * It has one gap, which grpc-js leaves (grpc-node issue 2764): when an error status arrives, messages
 * that have reached the client's connection but did not fit `prefetchBytes` may be lost.
 *
 * @throws {TypeError} for an unknown option
 */
export function grpc(options: GrpcOptions = {}): Transport {
  checkOptions('grpc()', options, ['channelOptions', 'admin']);
  const { channelOptions = {}, admin = false } = options;
  if (!isKeyed(channelOptions)) {
    throw new TypeError(`channelOptions must be an object, got ${describeValue(channelOptions)}`);
  }
  if (typeof admin !== 'boolean') {
    throw new TypeError(`admin must be true or false, got ${describeValue(admin)}`);
  }
  const all = admin ? { 'grpc.enable_channelz': 1, ...channelOptions } : channelOptions;
  return {
    client: (target, options) => new GrpcClientTransport(target, options, all),
    server: (limits) => new GrpcServerTransport(all, limits, admin),
  };
}
