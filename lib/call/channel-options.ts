import type { Compression } from './compression.js';
import type { KeepaliveOptions } from './keepalive-options.js';
import type { LoadBalancing, OutlierDetectionOptions } from './load-balancing-options.js';
import type {
  HedgingOptions,
  MethodConfig,
  RetryOptions,
  RetryThrottlingOptions,
} from './retry-options.js';
import type { ClientTlsOptions } from './tls-options.js';

/** A client's pings. */
export interface ClientKeepaliveOptions extends KeepaliveOptions {
  /** Pings while no call is open, too; not unless given. Many servers refuse that. */
  readonly withoutCalls?: boolean | undefined;
}

/** How long to wait before a lost connection is tried again; each wait is 1.6 times the last. */
export interface ReconnectBackoffOptions {
  /** Milliseconds before the second attempt; 1 second unless given. */
  readonly initial?: number | undefined;
  /** The longest wait, in milliseconds; 2 minutes unless given. */
  readonly max?: number | undefined;
}

/**
 * What a client may say of its connections, whatever the transport; each has a safe default. A
 * transport without a network leaves out what has no meaning there.
 */
export interface ChannelOptions {
  /** Secures the connections: `true` trusts the authorities that Node.js trusts. Clear text unless given. */
  readonly tls?: ClientTlsOptions | boolean | undefined;
  /** Every 5 minutes while calls are open unless given; `false` switches pings off. */
  readonly keepalive?: ClientKeepaliveOptions | false | undefined;
  /** The largest message that is taken, in bytes; 4 MiB unless given, Infinity for no limit. */
  readonly maxReceiveMessageSize?: number | undefined;
  /** The largest message that is sent, in bytes; Infinity unless given. */
  readonly maxSendMessageSize?: number | undefined;
  /** How requests are compressed; 'identity', not at all, unless given. A call may say otherwise. */
  readonly compression?: Compression | undefined;
  /** Makes calls again that fail; `false`, or nothing, for none. */
  readonly retry?: RetryOptions | false | undefined;
  /** Makes calls several times at once; `false`, or nothing, for none. Not beside `retry`. */
  readonly hedging?: HedgingOptions | false | undefined;
  /** Stops both while most calls fail. */
  readonly retryThrottling?: RetryThrottlingOptions | undefined;
  /**
   * The requests of a call that are kept for another attempt, in bytes; a call that has sent more
   * is not made again. 1 MiB where there are retries or hedging, else 64 KiB; Infinity for no limit.
   * All calls of a client together may keep 16 MiB, or this if it is more.
   */
  readonly retryBufferSize?: number | undefined;
  /**
   * What holds for a service, 'package.Service', or a method, 'package.Service/Method'. What a
   * method does not say its service does, and what neither says the options of the client do.
   */
  readonly methods?: Readonly<Record<string, MethodConfig>> | undefined;
  /** How calls are spread over the addresses of the target; 'pick_first' unless given. */
  readonly loadBalancing?: LoadBalancing | undefined;
  /** Leaves out servers whose calls fail. */
  readonly outlierDetection?: OutlierDetectionOptions | undefined;
  /**
   * All of the above, from `retry` on, in gRPC's own form instead: an object, or its JSON.
   *
   * @see https://github.com/grpc/grpc/blob/master/doc/service_config.md
   */
  readonly serviceConfig?: object | string | undefined;
  /** Whether calls that do not say so wait for a connection; not unless given. */
  readonly waitForReady?: boolean | undefined;
  /** How long to wait between attempts to connect. */
  readonly reconnectBackoff?: ReconnectBackoffOptions | undefined;
  /** Milliseconds without a call after which connections are closed, 1000 or more; 30 minutes unless given. */
  readonly maxConnectionIdle?: number | undefined;
  /** Connections of its own, not shared with other clients of the same target; not unless given. */
  readonly ownConnections?: boolean | undefined;
  /** What the `user-agent` header begins with. */
  readonly userAgent?: string | undefined;
  /** The `:authority` header; the target's host and port unless given. */
  readonly authority?: string | undefined;
  /**
   * The HTTP proxy to go through, 'http://[user:password@]host:port'; `false` for none. The one
   * that the environment names unless given: `grpc_proxy`, `https_proxy`, `http_proxy`.
   */
  readonly proxy?: string | false | undefined;
}
