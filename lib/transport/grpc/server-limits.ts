import type { ChannelOptions } from '@grpc/grpc-js';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';
import type { Patience } from './connection.js';

/** A tenth above this is the longest that Node's timers take: grpc-js varies the age by so much. */
const LONGEST_AGE = Math.floor((2 ** 31 - 1) / 1.1);
/** The share of the age at which grpc-js begins to find connections too old. */
const LEAST_AGE = 0.9;
const LONGEST_DELAY = 2 ** 31 - 1;
const MOST_STREAMS = 2 ** 32 - 1;

/**
 * What a connection may have grpc-js and Node hold for it, in megabytes. It is for peers that make a
 * server queue answers without end, such as floods of pings: streams are bounded elsewhere, and
 * a limit that calls in good order could reach would refuse them.
 */
const MOST_SESSION_MEMORY = 1_024;

const DEFAULT_KEEPALIVE_TIME = 60_000;
const DEFAULT_KEEPALIVE_TIMEOUT = 20_000;

/** The limits as grpc-js takes them. What it is not told has no limit there. */
export function toServerChannelOptions(limits: ServerTransportOptions): ChannelOptions {
  const { keepalive, maxReceiveMessageSize, maxConcurrentStreams = 1000 } = limits;
  const { maxConnectionAge, maxConnectionAgeGrace, maxConnectionIdle } = limits;
  const options: ChannelOptions = {
    // Channelz costs something on every message, and few look at it.
    'grpc.enable_channelz': 0,
    // A grpc-js client parks streams beyond the limit without a word, so the default is generous.
    'grpc.max_concurrent_streams': Math.min(maxConcurrentStreams, MOST_STREAMS),
    'grpc-node.max_session_memory': MOST_SESSION_MEMORY,
  };
  if (keepalive !== false) {
    const { time = DEFAULT_KEEPALIVE_TIME, timeout = DEFAULT_KEEPALIVE_TIMEOUT } = keepalive ?? {};
    // From the longest delay on grpc-js sends no pings.
    options['grpc.keepalive_time_ms'] = Math.min(time, LONGEST_DELAY);
    options['grpc.keepalive_timeout_ms'] = Math.min(timeout, LONGEST_DELAY);
  }
  if (maxReceiveMessageSize !== undefined) {
    options['grpc.max_receive_message_length'] =
      maxReceiveMessageSize === Infinity ? -1 : maxReceiveMessageSize;
  }
  if (isLimit(maxConnectionAge)) {
    options['grpc.max_connection_age_ms'] = Math.min(maxConnectionAge, LONGEST_AGE);
  }
  if (isLimit(maxConnectionAgeGrace)) {
    options['grpc.max_connection_age_grace_ms'] = Math.min(maxConnectionAgeGrace, LONGEST_DELAY);
  }
  if (isLimit(maxConnectionIdle)) options['grpc.max_connection_idle_ms'] = maxConnectionIdle;
  return options;
}

/** @throws {TypeError} for what grpc-js cannot do and must not be ignored */
export function checkServerLimits({ compression = 'identity' }: ServerTransportOptions): void {
  if (compression === 'identity') return;
  const instead = "grpc-js compresses no replies, and the transport 'http2()' does";
  throw new TypeError(
    `compression must be 'identity' over grpc(), got '${compression}': ${instead}`,
  );
}

/** When grpc-js gives a connection up, by the options that it is given. */
export function patienceOf(options: ChannelOptions): Patience {
  const time = options['grpc.keepalive_time_ms'] ?? LONGEST_DELAY;
  const timeout = options['grpc.keepalive_timeout_ms'] ?? DEFAULT_KEEPALIVE_TIMEOUT;
  const pings = time > 0 && time < LONGEST_DELAY && timeout > 0;
  const age = options['grpc.max_connection_age_ms'] ?? Infinity;
  const grace = options['grpc.max_connection_age_grace_ms'] ?? Infinity;
  return { time: pings ? time : Infinity, timeout, cutOffAge: age * LEAST_AGE + grace };
}

function isLimit(value: number | undefined): value is number {
  return value !== undefined && value !== Infinity;
}
