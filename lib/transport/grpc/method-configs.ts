import type { MethodConfig as GrpcMethodConfig } from '@grpc/grpc-js';
import type { ChannelOptions } from '../../call/channel-options.js';
import type { HedgingOptions, MethodConfig, RetryOptions } from '../../call/retry-options.js';
import { toDuration } from './duration.js';

type Config = Omit<GrpcMethodConfig, 'name'>;

/**
 * gRPC's form of `retry`, `hedging` and `methods`. There, the closest entry alone counts; here a
 * method takes over from its service, and that from the client, what it does not say itself.
 */
export function methodConfigs(options: ChannelOptions): GrpcMethodConfig[] {
  const { retry, hedging, methods = {} } = options;
  const everywhere: MethodConfig = { retry, hedging };
  const configs: GrpcMethodConfig[] = [];
  for (const [key, own] of Object.entries(methods)) {
    const [service = '', method] = key.split('/');
    const above = method === undefined ? everywhere : over(everywhere, methods[service] ?? {});
    const name = method === undefined ? { service } : { service, method };
    configs.push({ name: [name], ...toConfig(over(above, own)) });
  }
  const forAll = toConfig(everywhere);
  if (Object.keys(forAll).length > 0) configs.push({ name: [{}], ...forAll });
  return configs;
}

function over(above: MethodConfig, own: MethodConfig): MethodConfig {
  const { timeout = above.timeout, waitForReady = above.waitForReady } = own;
  const { maxRequestSize = above.maxRequestSize, maxResponseSize = above.maxResponseSize } = own;
  // One way to make attempts replaces the other.
  const { retry = own.hedging ? false : above.retry } = own;
  const { hedging = own.retry ? false : above.hedging } = own;
  return { timeout, waitForReady, maxRequestSize, maxResponseSize, retry, hedging };
}

function toConfig(config: MethodConfig): Config {
  const { timeout, waitForReady, maxRequestSize, maxResponseSize, retry, hedging } = config;
  return {
    ...(timeout === undefined ? {} : { timeout: toDuration(timeout) }),
    ...(waitForReady === undefined ? {} : { waitForReady }),
    ...(isLimit(maxRequestSize) ? { maxRequestBytes: maxRequestSize } : {}),
    ...(isLimit(maxResponseSize) ? { maxResponseBytes: maxResponseSize } : {}),
    ...(retry ? { retryPolicy: toRetryPolicy(retry) } : {}),
    ...(hedging ? { hedgingPolicy: toHedgingPolicy(hedging) } : {}),
  };
}

/** JSON has no Infinity, and need not. */
function isLimit(size: number | undefined): size is number {
  return size !== undefined && size !== Infinity;
}

function toRetryPolicy(options: RetryOptions): NonNullable<Config['retryPolicy']> {
  const { maxAttempts = 3, initialBackoff = 100, maxBackoff = 5_000 } = options;
  const { backoffMultiplier = 2, retryableStatusCodes = ['UNAVAILABLE'] } = options;
  return {
    maxAttempts,
    initialBackoff: inSeconds(initialBackoff),
    maxBackoff: inSeconds(maxBackoff),
    backoffMultiplier,
    retryableStatusCodes: [...retryableStatusCodes],
  };
}

function toHedgingPolicy(options: HedgingOptions): NonNullable<Config['hedgingPolicy']> {
  const { maxAttempts = 2, hedgingDelay = 0, nonFatalStatusCodes = [] } = options;
  return {
    maxAttempts,
    hedgingDelay: inSeconds(hedgingDelay),
    nonFatalStatusCodes: [...nonFatalStatusCodes],
  };
}

/** Milliseconds as gRPC's JSON writes a duration. */
function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(6)}s`;
}
