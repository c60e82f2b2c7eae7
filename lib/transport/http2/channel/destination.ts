import { isIP, isIPv6 } from 'node:net';
import { parseTarget } from '../../../call/target.js';
import type { Address } from './address.js';

/** A port that is not given, as for every gRPC. */
const DEFAULT_PORT = 443;

/** A name to look up. */
export interface HostName {
  readonly host: string;
  readonly port: number;
  /** The DNS server to ask, as an address; the system's resolver unless given. */
  readonly dnsServer: string | undefined;
}

/** What a target means. */
export interface Destination {
  /** The `:authority` of calls. */
  readonly authority: string;
  /** Whose certificate the server must show. */
  readonly serverName: string;
  /** Where to connect: known addresses, or a name that stands for them. */
  readonly servers: readonly Address[] | HostName;
}

/**
 * Reads a target in gRPC's naming scheme.
 *
 * @throws {TypeError | RangeError} for a bad one, and for `xds:`
 * @see https://github.com/grpc/grpc/blob/master/doc/naming.md
 */
export function toDestination(given: string): Destination {
  const target = parseTarget(given);
  const scheme = /^(dns|ipv4|ipv6|unix|xds):/i.exec(target)?.[1]?.toLowerCase();
  if (scheme === 'xds') {
    throw new RangeError(`the http2 transport has no xds targets, got '${given}': grpc() has them`);
  }
  if (scheme === 'unix') return unixSocket(target);
  if (scheme === 'ipv4' || scheme === 'ipv6') return addressList(target.slice('ipv4:'.length));
  const [, dnsServer, name = ''] = /^(?:dns:(?:\/\/([^/]*)\/)?)?(.*)$/is.exec(target) ?? [];
  const { host, port } = hostAndPort(name);
  const servers =
    isIP(host) === 0 ? { host, port, dnsServer: dnsServer || undefined } : [{ host, port }];
  return { authority: name, serverName: host, servers };
}

/** `unix:path`, `unix:///absolute/path`. */
function unixSocket(target: string): Destination {
  const path = target.replace(/^unix:(\/\/(?=\/))?/i, '');
  return { authority: 'localhost', serverName: 'localhost', servers: [{ path }] };
}

function addressList(text: string): Destination {
  const servers = text.split(',').map(hostAndPort);
  const [first] = servers as [{ host: string; port: number }];
  return { authority: text.split(',', 1)[0] as string, serverName: first.host, servers };
}

function hostAndPort(text: string): { host: string; port: number } {
  if (isIPv6(text)) return { host: text, port: DEFAULT_PORT };
  const [, host = text, port = DEFAULT_PORT] =
    /^(?:\[([^\]]*)\])(?::(\d+))?$/.exec(text) ?? /^([^:]*)(?::(\d*))?$/.exec(text) ?? [];
  return { host, port: Number(port || DEFAULT_PORT) };
}
