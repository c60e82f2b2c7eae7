import { BlockList, isIP, isIPv4 } from 'node:net';
import { type Proxy as HttpProxy, parseProxy } from '../../../call/parse-proxy.js';

const VARIABLES = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const;

/**
 * The proxy that the environment names for a host: the first of `grpc_proxy`, `https_proxy` and
 * `http_proxy`, unless `no_grpc_proxy`, or else `no_proxy`, has the host, a domain that it is in or,
 * for addresses, a network such as `10.0.0.0/8`. One that is no 'http://host:port' is passed over,
 * with a warning.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/environment_variables.md
 */
export function environmentProxy(host: string): HttpProxy | undefined {
  const { env } = process;
  const variable = VARIABLES.find((name) => env[name]);
  if (variable === undefined) return undefined;
  const exceptions = (env.no_grpc_proxy || env.no_proxy || '').split(',');
  if (exceptions.some((each) => covers(each.trim(), host))) return undefined;
  try {
    return parseProxy(variable, env[variable]);
  } catch (unfit) {
    process.emitWarning(`${(unfit as Error).message}; connections go without a proxy`, {
      type: 'TributaryWarning',
      code: 'TRIBUTARY_PROXY',
    });
    return undefined;
  }
}

function covers(exception: string, host: string): boolean {
  if (exception === '') return false;
  const [, network = '', bits] = /^([\d.]+)\/(\d{1,2})$/.exec(exception) ?? [];
  if (!isIPv4(network) || Number(bits) > 32) return host.endsWith(exception);
  if (isIP(host) !== 4) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits));
  return list.check(host);
}
