import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { ignore } from '../../base/deferred.js';
import type { ServerTlsOptions } from '../../call/tls-options.js';
import type { AuthContext } from '../../context/auth-context.js';
import { TlsAuthContext } from './tls-auth-context.js';
import type { TlsSource } from './tls-source.js';

/**
 * Turns accepted connections into secure ones that have agreed to speak HTTP/2. Those that cannot
 * be are closed: a wrong or no certificate, another protocol, no TLS at all.
 */
export class TlsFront {
  readonly #server: Server;

  /** @param handshakeTimeout - milliseconds without a word from the client until it is given up */
  constructor(
    source: TlsSource,
    clientCertificate: NonNullable<ServerTlsOptions['clientCertificate']>,
    handshakeTimeout: number,
    onSecure: (socket: TLSSocket, auth: AuthContext) => void,
  ) {
    this.#server = createServer({
      ...source.current.options,
      ALPNProtocols: ['h2'],
      requestCert: clientCertificate !== 'none',
      rejectUnauthorized: clientCertificate === 'require',
      handshakeTimeout: Math.min(handshakeTimeout, LONGEST_TIMEOUT),
    });
    source.onChange(({ options }) => this.#server.setSecureContext(options));
    this.#server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', ignore);
      if (socket.alpnProtocol === 'h2') onSecure(socket, new TlsAuthContext(socket));
      else socket.destroy();
    });
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Begins the handshake on a connection that was just accepted. */
  secure(socket: Socket): void {
    this.#server.emit('connection', socket);
  }
}

/** What Node's sockets take; a longer one would be cut to this with a warning. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;
