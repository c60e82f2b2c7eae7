import { checkOptions } from './base/check.js';
import { describeValue } from './base/describe-value.js';
import type { ChannelOptions } from './call/channel-options.js';
import { CHANNEL_KEYS, checkChannelOptions } from './call/check-channel-options.js';
import {
  checkServerTransportOptions,
  SERVER_TRANSPORT_KEYS,
} from './call/check-server-transport-options.js';
import { joinAddresses } from './call/join-addresses.js';
import type { ServerTransportOptions } from './call/server-transport-options.js';
import type { Transport } from './call/transport.js';
import { Client, type ClientOptions } from './client/client.js';
import { ServerCore } from './server/server.js';
import { SERVER_CORE_OPTIONS, type ServerCoreOptions } from './server/server-options.js';
import { grpc } from './transport/grpc/grpc.js';

/** What `connect` may be told. */
export interface ConnectOptions extends ChannelOptions, ClientOptions {
  /** How calls travel; `grpc()` unless given. */
  readonly transport?: Transport | undefined;
}

/**
 * A client for one target. Opens nothing yet: the first call connects, or `waitForReady`.
 *
 * @param target - `host:port`, `dns:///host:port`, `unix:path` or Dubbo's `tri://host:port`; or
 * several addresses, such as `['10.0.0.1:50051', '10.0.0.2:50051']`, for `loadBalancing` to spread
 * calls over
 * @throws {TypeError | RangeError} for a bad target or option
 */
export function connect(target: string | readonly string[], options: ConnectOptions = {}): Client {
  checkOptions('connect()', options, CONNECT_OPTIONS);
  checkChannelOptions(options);
  const name = typeof target === 'string' ? target : joinAddresses(target);
  return new Client(transportOf(options).client(name, options), name, options);
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

const CONNECT_OPTIONS = [
  'transport',
  'interceptors',
  'credentials',
  'diagnose',
  'tls',
  ...CHANNEL_KEYS,
];

const SERVER_OPTIONS = ['transport', ...SERVER_CORE_OPTIONS, ...SERVER_TRANSPORT_KEYS];

function transportOf(options: { readonly transport?: Transport | undefined }): Transport {
  const { transport = grpc() } = options;
  if (typeof transport?.client !== 'function' || typeof transport.server !== 'function') {
    throw new TypeError(
      `transport must be a Transport such as grpc(), got ${describeValue(transport)}`,
    );
  }
  return transport;
}
