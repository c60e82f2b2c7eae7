import { isIPv6 } from 'node:net';
import { describeValue } from '../base/describe-value.js';
import { isIPv4Address, isIPv6Address } from './ip-address.js';

/**
 * Checks a target and gives it in gRPC's naming scheme: `host:port`, `dns:///host:port`,
 * `ipv4:`/`ipv6:` addresses and `unix:path` stay; Dubbo's `tri://host:port/service?…` loses what
 * Dubbo adds.
 *
 * @throws {TypeError} if it is no string
 * @throws {RangeError} if it has no host, no port or an unknown scheme
 * @see https://github.com/grpc/grpc/blob/master/doc/naming.md
 */
export function parseTarget(target: string): string {
  if (typeof target !== 'string') {
    throw new TypeError(
      `target must be a string such as 'host:port', got ${describeValue(target)}`,
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(target)?.[1]?.toLowerCase();
  if (scheme === 'tri') return dubboHost(target);
  if (scheme === 'dns' || /^(dns|ipv4|ipv6|unix|xds):/i.test(target)) {
    if (/^[a-z0-9]+:\/*$/i.test(target)) throw badTarget(target);
    if (/^ipv[46]:/i.test(target)) checkAddresses(target);
    if (scheme === 'dns' || /^dns:/i.test(target)) checkName(target);
    return target;
  }
  if (scheme !== undefined) throw badTarget(target);
  checkHostAndPort(target, target);
  return target;
}

function dubboHost(target: string): string {
  const host = /^tri:\/\/([^/?#]*)/i.exec(target)?.[1] ?? '';
  checkHostAndPort(host, target);
  return host;
}

function checkHostAndPort(text: string, target: string): void {
  const match = /^(\[[0-9a-f:.%a-z]+\]|[^:/?#\s[\]]+):(\d{1,5})$/i.exec(text);
  if (match === null || Number(match[2]) > 65_535) throw badTarget(target);
}

/** What DNS is asked for, behind the server to ask if one is named; no port is 443 here, too. */
function checkName(target: string): void {
  const name = target.replace(/^dns:(\/\/[^/]*\/)?/i, '');
  if (isIPv6(name)) return;
  checkHostAndPort(/:\d*$/.test(name.replace(/^\[[^\]]*\]/, '')) ? name : `${name}:443`, target);
}

/** One or several IP addresses; without a port it is 443, as for every gRPC. */
function checkAddresses(target: string): void {
  const isIPv4 = /^ipv4/i.test(target);
  for (const address of target.slice('ipv4:'.length).split(',')) {
    const fits = isIPv4
      ? isIPv4Address(address) || isIPv4Address(`${address}:443`)
      : [address, `${address}:443`, `[${address}]:443`].some(isIPv6Address);
    if (!fits) {
      const kind = isIPv4
        ? "IPv4 addresses, such as '10.0.0.1:50051'"
        : "IPv6 addresses, such as '[::1]:50051'";
      throw new RangeError(
        `after '${target.slice(0, 5)}' a target must have ${kind}, got '${address}'`,
      );
    }
  }
}

function badTarget(target: string): RangeError {
  return new RangeError(
    `target must be 'host:port', 'dns:///host:port', 'unix:path' or 'tri://host:port', got '${target}'`,
  );
}
