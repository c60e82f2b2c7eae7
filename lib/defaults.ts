import { checkOptions } from './base/check.js';
import { describeValue } from './base/describe-value.js';
import type { ChannelOptions } from './call/channel-options.js';
import {
  checkServerTransportOptions,
  SERVER_TRANSPORT_KEYS,
} from './call/check-server-transport-options.js';
import type { ServerTransportOptions } from './call/server-transport-options.js';
import type { Transport } from './call/transport.js';
import { Client } from './client/client.js';
import { ServerCore, type ServerCoreOptions } from './server/server.js';
import { grpc } from './transport/grpc/grpc.js';

/** What `connect` may be told. */
export interface ConnectOptions extends ChannelOptions {
  /** How calls travel; `grpc()` unless given. */
  readonly transport?: Transport | undefined;
}

/**
 * A client for one target. Opens nothing yet: the first call connects, or `waitForReady`.
 *
 * @param target - `host:port`, `dns:///host:port`, `unix:path` or Dubbo's `tri://host:port`
 * @throws {TypeError | RangeError} for a bad target or option
 */
export function connect(target: string, options: ConnectOptions = {}): Client {
  checkOptions('connect()', options, ['transport', 'tls']);
  return new Client(transportOf(options).client(target, options), target);
}

/** What a server may be told. */
export interface ServerOptions extends ServerCoreOptions, ServerTransportOptions {
  /** How calls travel; `grpc()` unless given. */
  readonly transport?: Transport | undefined;
}

/**
 * Answers calls: add services, then listen.
 *
 * @throws {TypeError | RangeError} for a bad option
 */
export class Server extends ServerCore {
  constructor(options: ServerOptions = {}) {
    checkOptions('Server', options, SERVER_OPTIONS);
    checkServerTransportOptions(options);
    super(transportOf(options).server(options), options);
  }
}

const SERVER_OPTIONS = [
  'transport',
  'onError',
  'highWaterMark',
  'maxBufferedBytes',
  'prefetchBytes',
  ...SERVER_TRANSPORT_KEYS,
] as const;

function transportOf(options: { readonly transport?: Transport | undefined }): Transport {
  const { transport = grpc() } = options;
  if (typeof transport?.client !== 'function' || typeof transport.server !== 'function') {
    throw new TypeError(
      `transport must be a Transport such as grpc(), got ${describeValue(transport)}`,
    );
  }
  return transport;
}
