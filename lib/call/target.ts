import { describeValue } from '../base/describe-value.js';

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

function badTarget(target: string): RangeError {
  return new RangeError(
    `target must be 'host:port', 'dns:///host:port', 'unix:path' or 'tri://host:port', got '${target}'`,
  );
}
