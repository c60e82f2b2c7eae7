import { isIPv4, isIPv6 } from 'node:net';

/** Whether it is `1.2.3.4:50051`. */
export function isIPv4Address(address: unknown): boolean {
  const [, host = '', port] = matchOf(/^([\d.]+):(\d{1,5})$/, address);
  return isIPv4(host) && Number(port) <= 65_535;
}

/** Whether it is `[::1]:50051`. */
export function isIPv6Address(address: unknown): boolean {
  const [, host = '', port] = matchOf(/^\[([^\]]+)\]:(\d{1,5})$/, address);
  return isIPv6(host) && Number(port) <= 65_535;
}

function matchOf(pattern: RegExp, text: unknown): readonly (string | undefined)[] {
  return (typeof text === 'string' ? pattern.exec(text) : null) ?? [];
}
