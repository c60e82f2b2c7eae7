import type { Socket } from 'node:net';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';
import type { AuthContext } from '../../context/auth-context.js';
import { TlsFront } from '../tls/tls-front.js';
import type { TlsSource } from '../tls/tls-source.js';
import { ConnectionLimit } from './connection-limit.js';
import { DEFAULT_LIMITS } from './default-limits.js';

/** What a connection has to pass before it is taken. */
export interface Gate {
  readonly limit: ConnectionLimit;
  /** Milliseconds from being accepted to speaking HTTP/2. */
  readonly handshakeTimeout: number;
  /** Makes what secures connections; undefined leaves them in clear text. */
  readonly secure: ((onSecure: OnSecure) => TlsFront) | undefined;
}

type OnSecure = (socket: Socket, auth: AuthContext) => void;

/** The gate that a server's limits ask for. */
export function gateOf(limits: ServerTransportOptions, source: TlsSource | undefined): Gate {
  const {
    maxConnections = DEFAULT_LIMITS.maxConnections,
    handshakeTimeout = DEFAULT_LIMITS.handshakeTimeout,
    tls: { clientCertificate, ca, caFile } = {},
  } = limits;
  const trusts = ca !== undefined || caFile !== undefined;
  const mode = clientCertificate ?? (trusts ? 'require' : 'none');
  return {
    limit: new ConnectionLimit(maxConnections),
    handshakeTimeout,
    secure: source && ((onSecure) => new TlsFront(source, mode, handshakeTimeout, onSecure)),
  };
}
