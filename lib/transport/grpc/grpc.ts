import type { ChannelOptions } from '@grpc/grpc-js';
import { checkOptions } from '../../base/check.js';
import { describeValue } from '../../base/describe-value.js';
import { isKeyed } from '../../base/is-keyed.js';
import type { Transport } from '../../call/transport.js';
import { GrpcClientTransport } from './client-transport.js';
import { GrpcServerTransport } from './server-transport.js';

/** What the grpc-js transport may be told. */
export interface GrpcOptions {
  /** Passed on to grpc-js as they are; they go before the defaults of this library. */
  readonly channelOptions?: ChannelOptions | undefined;
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
  checkOptions('grpc()', options, ['channelOptions']);
  const { channelOptions = {} } = options;
  if (!isKeyed(channelOptions)) {
    throw new TypeError(`channelOptions must be an object, got ${describeValue(channelOptions)}`);
  }
  return {
    client: (target, { tls }) => new GrpcClientTransport(target, channelOptions, tls),
    server: (limits) => new GrpcServerTransport(channelOptions, limits),
  };
}
