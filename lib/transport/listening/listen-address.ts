/** Where to listen, as `net.Server.listen` takes it. */
export type ListenAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number };

/**
 * Reads `host:port`, `[ipv6]:port` or `unix:path`.
 *
 * @throws {RangeError} for anything else
 */
export function parseListenAddress(address: string): ListenAddress {
  const path = /^unix:(?:\/\/)?(.+)$/.exec(address)?.[1];
  if (path !== undefined) return { path };
  const match = /^(\[([0-9a-f:.%a-z]+)\]|[^:/\s]+):(\d{1,5})$/i.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new RangeError(
      `listen takes 'host:port' (port 0 picks one) or 'unix:path', got '${address}'`,
    );
  }
  return { host: match[2] ?? (match[1] as string), port };
}
