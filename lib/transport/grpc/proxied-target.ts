import type { ChannelOptions as GrpcChannelOptions } from '@grpc/grpc-js';
import { parseProxy } from '../../call/parse-proxy.js';

/** Where a channel connects, and what it must be told for that. */
interface Destination {
  readonly target: string;
  readonly options: GrpcChannelOptions;
}

/**
 * Leads a target through the proxy that `proxy` names. grpc-js takes proxies from the environment
 * alone; what it makes of them are the options that are set here.
 *
 * @throws {RangeError} for a target that no proxy leads to
 */
export function proxiedTarget(target: string, proxy: string | false | undefined): Destination {
  // Of several addresses grpc-js would hand the proxy the whole list as one host.
  const isList = target.includes(',');
  if (typeof proxy !== 'string') {
    return { target, options: isList ? { 'grpc.enable_http_proxy': 0 } : {} };
  }
  const { address, credentials } = parseProxy('proxy', proxy);
  if (isList || /^(unix|xds):/i.test(target)) {
    throw new RangeError(`a proxy leads to one host and port, not to '${target}'`);
  }
  const real = /^(dns|ipv[46]):/i.test(target) ? target : `dns:${target}`;
  return {
    target: `dns:${address}`,
    options: {
      'grpc.http_connect_target': real,
      'grpc.default_authority': real.replace(/^\w+:(\/\/[^/]*\/)?/, ''),
      ...(credentials === undefined ? {} : { 'grpc.http_connect_creds': credentials }),
    },
  };
}
