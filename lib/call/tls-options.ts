import type { PeerCertificate } from 'node:tls';

/** Certificates or a key in PEM form. */
export type Pem = string | Uint8Array;

/**
 * An identity and whom to trust, given as they are or as files. Files are read at once, and again
 * when they have changed: connections made from then on use what they hold, open ones go on. Files
 * that cannot be used any more change nothing; `process` emits one warning that says why.
 */
export interface TlsOptions {
  /** Certificates of the authorities to trust, instead of those that Node.js trusts. */
  readonly ca?: Pem | undefined;
  /** One's own certificate, with those that lead from it to an authority. */
  readonly cert?: Pem | undefined;
  /** The private key of `cert`. */
  readonly key?: Pem | undefined;
  /** The path of a file to take `ca` from. */
  readonly caFile?: string | undefined;
  /** The path of a file to take `cert` from. */
  readonly certFile?: string | undefined;
  /** The path of a file to take `key` from. */
  readonly keyFile?: string | undefined;
  /** What decrypts `key`, if it is encrypted. */
  readonly passphrase?: string | undefined;
  /** How often files are looked at for changes, in milliseconds; 30 seconds unless given. */
  readonly refreshInterval?: number | undefined;
}

/** How a client secures its connections. `cert` and `key` are for servers that ask for them. */
export interface ClientTlsOptions extends TlsOptions {
  /** The name that the server's certificate must have; the target's host unless given. */
  readonly serverName?: string | undefined;
  /**
   * Told the server's name and certificate after the usual checks have passed; an Error that it
   * returns refuses the connection.
   */
  readonly checkServerIdentity?:
    | ((name: string, certificate: PeerCertificate) => Error | undefined)
    | undefined;
}

/** How a server secures its connections. `cert` and `key`, or their files, are needed. */
export interface ServerTlsOptions extends TlsOptions {
  /**
   * Whether clients must show a certificate that leads to `ca`: 'require' refuses connections
   * without one, 'request' lets them in and `ctx.auth.peerCertificate` undefined. 'require' if `ca`
   * or `caFile` is given, else 'none'.
   */
  readonly clientCertificate?: 'none' | 'request' | 'require' | undefined;
}
