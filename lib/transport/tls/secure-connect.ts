import { isIP, type Socket } from 'node:net';
import {
  connect,
  type PeerCertificate,
  type SecureContext,
  checkServerIdentity as standardCheck,
  type TLSSocket,
} from 'node:tls';
import { describeValue } from '../../base/describe-value.js';
import { Timer } from '../../base/timer.js';
import { wordsOf } from '../../base/words-of.js';
import type { ClientTlsOptions } from '../../call/tls-options.js';

/** How long a server may take for its side of the handshake, in milliseconds. */
const HANDSHAKE_TIMEOUT = 20_000;

/** How to secure one connection. */
export interface SecureConnectOptions {
  readonly context: SecureContext;
  /** The name, or address, that the server's certificate must have. */
  readonly serverName: string;
  readonly checkServerIdentity: ClientTlsOptions['checkServerIdentity'];
}

/**
 * Secures a client's connection for HTTP/2. Rejects with an Error that says why it cannot be:
 * the certificate does not verify or has another name, the server speaks no TLS, no HTTP/2 or
 * does not answer within 20 seconds.
 */
export function secureConnect(socket: Socket, options: SecureConnectOptions): Promise<TLSSocket> {
  const { context, serverName, checkServerIdentity } = options;
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      secureContext: context,
      host: serverName,
      // An address must not be sent as a name (RFC 6066), and needs not be.
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      ALPNProtocols: ['h2'],
      checkServerIdentity: (_host, certificate) =>
        standardCheck(serverName, certificate) ??
        ownCheck(checkServerIdentity, serverName, certificate),
    });
    const fail = (reason: string): void => {
      timer.stop();
      reject(new Error(reason));
      secure.destroy();
    };
    const timer = new Timer(HANDSHAKE_TIMEOUT, () =>
      fail(`no TLS handshake with ${serverName} within ${HANDSHAKE_TIMEOUT} ms`),
    );
    secure.on('error', (error) => fail(`TLS with ${serverName} failed: ${error.message}`));
    secure.once('close', () => fail(`TLS with ${serverName} failed: the connection was closed`));
    secure.once('secureConnect', () => {
      timer.stop();
      if (secure.alpnProtocol === 'h2') resolve(secure);
      else fail(`TLS with ${serverName} failed: the server does not offer HTTP/2 (ALPN h2)`);
    });
  });
}

/** The caller's own check, after the usual ones; what it throws refuses the connection as well. */
function ownCheck(
  check: ClientTlsOptions['checkServerIdentity'],
  name: string,
  certificate: PeerCertificate,
): Error | undefined {
  try {
    const found: unknown = check?.(name, certificate);
    if (found === undefined || found instanceof Error) return found;
    return new Error(
      `checkServerIdentity must return an Error or nothing, got ${describeValue(found)}`,
    );
  } catch (thrown) {
    return new Error(`checkServerIdentity threw: ${wordsOf(thrown)}`, { cause: thrown });
  }
}
