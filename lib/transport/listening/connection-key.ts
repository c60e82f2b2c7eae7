/** The two ends of a connection: a socket has them. */
interface Ends {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/**
 * What tells a connection from all others of a server, given its socket or a call on it. The
 * client's address alone does not: one port of a client may reach several addresses of a server.
 */
export function connectionKey(ends: Ends): string {
  const { localAddress, localPort, remoteAddress, remotePort } = ends;
  return `${localAddress}:${localPort} ${remoteAddress}:${remotePort}`;
}
