import type { PeerCertificate } from 'node:tls';

/** What is known of a peer from its connection. */
export interface AuthContext {
  /** Whether the connection is encrypted. */
  readonly secure: boolean;
  /** The peer's certificate, if it has shown one that leads to a trusted authority. */
  readonly peerCertificate: PeerCertificate | undefined;
}

/** That of a connection in clear text, or without a network. */
export const NO_AUTH: AuthContext = Object.freeze({ secure: false, peerCertificate: undefined });
