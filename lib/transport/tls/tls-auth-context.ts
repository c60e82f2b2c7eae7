import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { AuthContext } from '../../context/auth-context.js';

/**
 * What is known of the peer of a secure connection. Its certificate is read at once: the socket
 * forgets it when the connection is lost, and handlers may ask who that was.
 */
export class TlsAuthContext implements AuthContext {
  readonly secure = true;
  readonly peerCertificate: PeerCertificate | undefined;

  constructor(socket: TLSSocket) {
    this.peerCertificate = socket.authorized ? socket.getPeerCertificate(true) : undefined;
  }
}
