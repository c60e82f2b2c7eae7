import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';

type Ends = ReturnType<ServerInterceptingCallInterface['getConnectionInfo']>;

/**
 * What tells a connection from all others of a server, given its socket or a call on it. The
 * client's address alone does not: one port of a client may reach several addresses of a server.
 */
export function connectionKey(ends: Ends): string {
  const { localAddress, localPort, remoteAddress, remotePort } = ends;
  return `${localAddress}:${localPort} ${remoteAddress}:${remotePort}`;
}
