import { compressionAlgorithms, type ChannelOptions as GrpcChannelOptions } from '@grpc/grpc-js';
import type { ChannelOptions, ReconnectBackoffOptions } from '../../call/channel-options.js';
import { attemptsOf, type ServiceConfig } from './service-config.js';

/** What a timer can take, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** As often as servers of the C core, of Go and of Java tolerate; more gets `too_many_pings`. */
const PING_INTERVAL = 5 * 60_000;
const PING_TIMEOUT = 20_000;
/** The wait before a second attempt to connect unless grpc-js is told. */
const FIRST_BACKOFF = 1_000;
/** What grpc-js keeps for retries over all calls of a channel, in bytes, unless it is told. */
const ALL_RETRY_BUFFERS = 16 * 1024 * 1024;
/** grpc-js makes no more attempts than these, whatever the policy says, unless it is told. */
const MOST_ATTEMPTS = 5;

type Loose = { readonly [Key in keyof GrpcChannelOptions]: GrpcChannelOptions[Key] | undefined };

/** The options in grpc-js's form; those that are not given are left to its own defaults. */
export function toGrpcOptions(
  options: ChannelOptions,
  serviceConfig: ServiceConfig | undefined,
): GrpcChannelOptions {
  const { maxReceiveMessageSize: take, maxSendMessageSize: send, reconnectBackoff } = options;
  const { compression, maxConnectionIdle, ownConnections, userAgent, authority, proxy } = options;
  return given({
    // Channelz costs something on every message, and few look at it.
    'grpc.enable_channelz': 0,
    ...keepalive(options),
    ...retries(options, serviceConfig),
    'grpc.max_receive_message_length': take && sizeOf(take),
    'grpc.max_send_message_length': send && sizeOf(send),
    'grpc.default_compression_algorithm': compression && compressionAlgorithms[compression],
    ...backoff(reconnectBackoff),
    'grpc.client_idle_timeout_ms': timeOf(maxConnectionIdle),
    'grpc.use_local_subchannel_pool': ownConnections ? 1 : undefined,
    'grpc.primary_user_agent': userAgent,
    'grpc.default_authority': authority,
    'grpc.enable_http_proxy': proxy === undefined ? undefined : 0,
  });
}

/** grpc-js does not hold the first wait to the longest. */
function backoff({ initial, max = Infinity }: ReconnectBackoffOptions = {}): Loose {
  const first = initial ?? (max < FIRST_BACKOFF ? max : undefined);
  return {
    'grpc.initial_reconnect_backoff_ms': first && timeOf(Math.min(first, max)),
    'grpc.max_reconnect_backoff_ms': max === Infinity ? undefined : timeOf(max),
  };
}

function keepalive({ keepalive: wanted = {} }: ChannelOptions): Loose {
  if (wanted === false) return {};
  const { time = PING_INTERVAL, timeout = PING_TIMEOUT, withoutCalls = false } = wanted;
  return {
    'grpc.keepalive_time_ms': timeOf(time),
    'grpc.keepalive_timeout_ms': timeOf(timeout),
    'grpc.keepalive_permit_without_calls': withoutCalls ? 1 : 0,
  };
}

/**
 * Up to the size of the retry buffer grpc-js calls a message sent when it has only been stored for
 * another attempt, and the longer that list is, the slower each message gets: 1 MiB, its own
 * default, costs a third. So it is small where only transparent retries are left to it.
 */
function retries(
  { retryBufferSize }: ChannelOptions,
  serviceConfig: ServiceConfig | undefined,
): Loose {
  const attempts = attemptsOf(serviceConfig);
  const size = retryBufferSize ?? (attempts.length > 0 ? 1024 * 1024 : 64 * 1024);
  const most = Math.max(MOST_ATTEMPTS, ...attempts);
  return {
    'grpc.service_config': serviceConfig && JSON.stringify(serviceConfig),
    'grpc.per_rpc_retry_buffer_size': size,
    // One call must be able to have what calls are allowed.
    'grpc.retry_buffer_size': size > ALL_RETRY_BUFFERS ? size : undefined,
    'grpc-node.retry_max_attempts_limit': most > MOST_ATTEMPTS ? most : undefined,
  };
}

function sizeOf(bytes: number): number {
  return bytes === Infinity ? -1 : bytes;
}

function timeOf(milliseconds: number | undefined): number | undefined {
  return milliseconds && Math.min(milliseconds, LONGEST);
}

/** grpc-js asks of some options only whether they are there: what is undefined must not be. */
function given(options: Loose): GrpcChannelOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
