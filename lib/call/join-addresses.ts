import { describeValue } from '../base/describe-value.js';
import { isIPv4Address, isIPv6Address } from './ip-address.js';

/**
 * Several addresses as one target in gRPC's naming scheme: `ipv4:a:1,b:2` or `ipv6:[a]:1,[b]:2`.
 *
 * @throws {TypeError} if it is no array
 * @throws {RangeError} unless they are IP addresses of one kind, each with its port
 */
export function joinAddresses(addresses: readonly string[]): string {
  if (!Array.isArray(addresses)) {
    throw new TypeError(
      `target must be a string such as 'host:port' or an array, got ${describeValue(addresses)}`,
    );
  }
  for (const isAddress of [isIPv4Address, isIPv6Address]) {
    if (addresses.length > 0 && addresses.every(isAddress)) {
      return `${isAddress === isIPv4Address ? 'ipv4' : 'ipv6'}:${addresses.join(',')}`;
    }
  }
  const unfit = addresses.find((each) => !isIPv4Address(each) && !isIPv6Address(each));
  throw new RangeError(
    'several addresses must be IP addresses with ports, all of one kind ' +
      "(a name may stand for several: 'dns:///host:port'), got " +
      (unfit === undefined ? describeValue(addresses) : describeValue(unfit)),
  );
}
