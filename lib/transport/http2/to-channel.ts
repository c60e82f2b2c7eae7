import type { ChannelOptions } from '../../call/channel-options.js';
import { type Proxy as HttpProxy, parseProxy } from '../../call/parse-proxy.js';
import type { Address } from './channel/address.js';
import type { Balancer } from './channel/balancer.js';
import { Channel } from './channel/channel.js';
import type { Destination } from './channel/destination.js';
import { Dialer } from './channel/dialer.js';
import { environmentProxy } from './channel/environment-proxy.js';
import { lookUp } from './channel/look-up.js';
import { PickFirst } from './channel/pick-first.js';
import { PingPace } from './channel/ping-pace.js';
import { RoundRobin } from './channel/round-robin.js';
import type { Securing } from './channel/securing.js';

/** Milliseconds without a call after which a connection is closed, unless told otherwise. */
const MAX_IDLE = 30 * 60_000;

/**
 * The channel that the options ask for.
 *
 * @throws {RangeError} for a proxy that cannot lead to the target
 */
export function toChannel(
  { servers }: Destination,
  securing: Securing,
  options: ChannelOptions,
  connectionsPerAddress: number,
): Channel {
  const { keepalive, maxConnectionIdle = MAX_IDLE, reconnectBackoff, proxy: wanted } = options;
  const proxy = proxyTo(servers, wanted);
  return new Channel({
    balancer: toBalancer(options.loadBalancing),
    lookUp: toLookUp(servers, proxy !== undefined),
    dialer: new Dialer(securing, proxy),
    pace: new PingPace(keepalive),
    maxIdle: maxConnectionIdle,
    backoff: reconnectBackoff,
    connectionsPerAddress,
  });
}

type Servers = Destination['servers'];

function proxyTo(servers: Servers, wanted: ChannelOptions['proxy']): HttpProxy | undefined {
  if (wanted === false) return undefined;
  const [first, second] = isList(servers) ? servers : [servers];
  const isOne = second === undefined && first !== undefined && 'host' in first;
  if (wanted === undefined) return isOne ? environmentProxy(first.host) : undefined;
  if (isOne) return parseProxy('proxy', wanted);
  throw new RangeError('a proxy leads to one host and port, not to several addresses or a path');
}

/** What is behind a proxy, the proxy looks up. */
function toLookUp(servers: Servers, isProxied: boolean): () => Promise<readonly Address[]> {
  if (isList(servers)) return () => Promise.resolve(servers);
  if (!isProxied) return () => lookUp(servers);
  const known = [{ host: servers.host, port: servers.port }];
  return () => Promise.resolve(known);
}

function isList(servers: Servers): servers is readonly Address[] {
  return Array.isArray(servers);
}

function toBalancer(loadBalancing: ChannelOptions['loadBalancing']): Balancer {
  if (loadBalancing === 'round_robin') return new RoundRobin();
  const shuffles =
    typeof loadBalancing === 'object' &&
    loadBalancing.policy === 'pick_first' &&
    loadBalancing.shuffleAddressList === true;
  return new PickFirst(shuffles);
}
