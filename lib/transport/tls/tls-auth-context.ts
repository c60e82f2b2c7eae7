import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { AuthContext } from '../../context/auth-context.js';

/** What is known of the peer of a secure connection; its certificate is read when asked for. */
export class TlsAuthContext implements AuthContext {
  readonly secure = true;
  readonly #socket: TLSSocket;
  #certificate: PeerCertificate | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
  }

  get peerCertificate(): PeerCertificate | undefined {
    if (!this.#socket.authorized) return undefined;
    this.#certificate ??= this.#socket.getPeerCertificate(true);
    return this.#certificate;
  }
}
