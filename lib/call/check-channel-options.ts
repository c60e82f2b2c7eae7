import { checkByteCount } from '../base/check.js';
import { checkBoolean } from '../base/check-boolean.js';
import { type Check, checkFields, numberIn, orFalse } from '../base/check-fields.js';
import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import type {
  ChannelOptions,
  ClientKeepaliveOptions,
  ReconnectBackoffOptions,
} from './channel-options.js';
import { checkChoice, checkLoadBalancing, checkOutlierDetection } from './check-load-balancing.js';
import {
  ATTEMPT_CHECKS,
  checkMethods,
  checkOneWay,
  checkThrottling,
} from './check-retry-options.js';
import { checkCompression } from './compression.js';
import { parseProxy } from './parse-proxy.js';

const period = numberIn({ unit: 'milliseconds', above: 0 });

/** A header's value, as one line of printable ASCII. */
const checkHeader: Check = (name, value) => {
  if (typeof value !== 'string') {
    throw new TypeError(`${name} must be a string, got ${describeValue(value)}`);
  }
  if (!/^[\x20-\x7e]+$/.test(value)) {
    throw new RangeError(`${name} must be printable ASCII, got ${describeValue(value)}`);
  }
};

/** What stands between `//` and `/` in a URL: HTTP/2 resets calls that have anything else here. */
const checkAuthority: Check = (name, value) => {
  checkHeader(name, value);
  if (/[^\w.~!$&'()*+,;=:@%[\]-]/.test(value as string)) {
    throw new RangeError(`${name} must be 'host[:port]', got ${describeValue(value)}`);
  }
};

const CHECKS = {
  keepalive: orFalse((name, value) =>
    checkFields<ClientKeepaliveOptions>(name, value, {
      time: period,
      timeout: period,
      withoutCalls: checkBoolean,
    }),
  ),
  maxReceiveMessageSize: checkByteCount,
  maxSendMessageSize: checkByteCount,
  compression: checkCompression,
  ...ATTEMPT_CHECKS,
  retryThrottling: checkThrottling,
  retryBufferSize: checkByteCount,
  methods: checkMethods,
  loadBalancing: checkLoadBalancing,
  outlierDetection: checkOutlierDetection,
  serviceConfig: (name, value) => {
    if (typeof value === 'string' || isKeyed(value)) return;
    throw new TypeError(`${name} must be an object or its JSON, got ${describeValue(value)}`);
  },
  waitForReady: checkBoolean,
  reconnectBackoff: (name, value) =>
    checkFields<ReconnectBackoffOptions>(name, value, { initial: period, max: period }),
  maxConnectionIdle: (name, value) => {
    if (value !== Infinity) numberIn({ unit: 'milliseconds', from: 1000 })(name, value);
  },
  ownConnections: checkBoolean,
  userAgent: checkHeader,
  authority: checkAuthority,
  proxy: orFalse(parseProxy),
} satisfies Record<Exclude<keyof ChannelOptions, 'tls'>, Check>;

/** The names of the options that `checkChannelOptions` checks. */
export const CHANNEL_KEYS: readonly string[] = Object.keys(CHECKS);

/** What a `serviceConfig` says for itself. */
const IN_SERVICE_CONFIG = [
  'retry',
  'hedging',
  'retryThrottling',
  'methods',
  'loadBalancing',
  'outlierDetection',
] as const;

/**
 * Throws a TypeError or a RangeError, naming the option, if one is not what it takes or does not go
 * with another. Keys that it does not know are not looked at, nor is `tls`.
 */
export function checkChannelOptions(options: ChannelOptions): void {
  for (const [key, check] of Object.entries<Check>(CHECKS)) {
    const value: unknown = options[key as keyof ChannelOptions];
    if (value !== undefined) check(key, value);
  }
  checkOneWay('connect()', options);
  checkChoice(options);
  if (options.serviceConfig === undefined) return;
  const beside = IN_SERVICE_CONFIG.find((key) => options[key] !== undefined);
  if (beside !== undefined) {
    throw new RangeError(`serviceConfig has the place of ${beside}: give one of the two`);
  }
}
