import type { ChannelOptions } from '../../call/channel-options.js';

/**
 * Throws a RangeError, naming the option, for one that this transport cannot honour: what grpc-js
 * does with calls that fail, and with what servers say of their load.
 */
export function checkHttp2Channel(options: ChannelOptions): void {
  const { loadBalancing, methods = {} } = options;
  for (const name of ['retry', 'hedging'] as const) if (options[name]) throw missing(name);
  for (const name of ['retryThrottling', 'outlierDetection', 'serviceConfig'] as const) {
    if (options[name] !== undefined) throw missing(name);
  }
  const policy = typeof loadBalancing === 'object' ? loadBalancing.policy : loadBalancing;
  if (policy === 'weighted_round_robin') throw missing(`loadBalancing '${policy}'`);
  for (const [key, { retry, hedging }] of Object.entries(methods)) {
    if (retry) throw missing(`methods['${key}'].retry`);
    if (hedging) throw missing(`methods['${key}'].hedging`);
  }
}

function missing(what: string): RangeError {
  return new RangeError(`the http2 transport has no ${what}: the grpc transport has it`);
}
