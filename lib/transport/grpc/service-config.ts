import { experimental } from '@grpc/grpc-js';
import { describeValue } from '../../base/describe-value.js';
import { isKeyed } from '../../base/is-keyed.js';
import { wordsOf } from '../../base/words-of.js';
import type { ChannelOptions } from '../../call/channel-options.js';
import { toDuration } from './duration.js';
import { loadBalancingConfig } from './load-balancing-config.js';
import { methodConfigs } from './method-configs.js';

/** As far as this library looks into one. */
export interface ServiceConfig {
  readonly loadBalancingConfig?: unknown;
  readonly methodConfig?: unknown;
}

/**
 * The service config that the options come to, or the one that is given; `undefined` if neither
 * says anything. Its load balancing is checked here, since grpc-js would only find out when the
 * target has been resolved; the rest is checked by grpc-js when it makes the channel.
 *
 * @throws {RangeError} for a given one that is no JSON object or names no load balancing there is
 */
export function toServiceConfig(options: ChannelOptions): ServiceConfig | undefined {
  if (options.serviceConfig !== undefined)
    return withDurations(checked(parse(options.serviceConfig)));
  const { retryThrottling } = options;
  const config = {
    loadBalancingConfig: loadBalancingConfig(options),
    methodConfig: methodConfigs(options),
    ...(retryThrottling === undefined ? {} : { retryThrottling }),
  };
  const { length } = [...config.loadBalancingConfig, ...config.methodConfig];
  return length === 0 && retryThrottling === undefined ? undefined : config;
}

/** The policies that make attempts, each with how many at most. */
export function attemptsOf(config: ServiceConfig | undefined): number[] {
  const { methodConfig } = config ?? {};
  if (!Array.isArray(methodConfig)) return [];
  return methodConfig.flatMap((entry: { retryPolicy?: Attempts; hedgingPolicy?: Attempts }) => {
    const attempts = (entry?.retryPolicy ?? entry?.hedgingPolicy)?.maxAttempts;
    return typeof attempts === 'number' ? [attempts] : [];
  });
}

interface Attempts {
  readonly maxAttempts?: unknown;
}

function parse(given: object | string): object {
  let config: unknown = given;
  if (typeof given === 'string') {
    try {
      config = JSON.parse(given);
    } catch (cause) {
      throw new RangeError(`serviceConfig must be JSON: ${wordsOf(cause)}`, { cause });
    }
  }
  if (isKeyed(config)) return config;
  throw new RangeError(`serviceConfig must be a JSON object, got ${describeValue(config)}`);
}

function checked(config: ServiceConfig): ServiceConfig {
  const { loadBalancingConfig: given } = config;
  if (!Array.isArray(given) || given.length === 0) return config;
  const reasons: string[] = [];
  for (const each of given as object[]) {
    try {
      experimental.parseLoadBalancingConfig(each as never);
      return config;
    } catch (unfit) {
      reasons.push(wordsOf(unfit));
    }
  }
  throw new RangeError(`serviceConfig has no load balancing that works: ${reasons.join('; ')}`);
}

/** Timeouts as objects instead of texts, for the reason in duration.ts. */
function withDurations(config: ServiceConfig): ServiceConfig {
  if (!Array.isArray(config.methodConfig)) return config;
  const methodConfig = config.methodConfig.map((entry: { timeout?: unknown } | null) => {
    const { timeout } = entry ?? {};
    if (typeof timeout !== 'string' || !/^\d+(\.\d{1,9})?s$/.test(timeout)) return entry;
    return { ...entry, timeout: toDuration(Number.parseFloat(timeout) * 1000) };
  });
  return { ...config, methodConfig };
}
