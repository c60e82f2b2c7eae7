import {
  CallCredentials,
  ChannelCredentials,
  type ChannelOptions,
  experimental,
} from '@grpc/grpc-js';
import type { ClientTlsOptions } from '../../call/tls-options.js';
import { checkClientTls } from '../tls/check-tls-options.js';
import { secureConnect } from '../tls/secure-connect.js';
import { TlsSource } from '../tls/tls-source.js';

/** Credentials, and what stops their looking at files. */
export interface ClientCredentials {
  readonly credentials: ChannelCredentials;
  close(): void;
}

/**
 * How a channel secures its connections.
 *
 * @throws {TypeError | RangeError} naming the option, what it takes and what came
 */
export function toClientCredentials(
  tls: ClientTlsOptions | boolean | undefined,
): ClientCredentials {
  if (tls === undefined || tls === false) {
    return { credentials: ChannelCredentials.createInsecure(), close: () => {} };
  }
  const options = tls === true ? {} : tls;
  checkClientTls(options);
  const source = new TlsSource(options);
  return { credentials: new TlsCredentials(source, options), close: () => source.close() };
}

/**
 * TLS as grpc-js takes it, with connections secured by us: each uses the newest certificates,
 * passphrases are taken, no address is sent as a name, and a failure says why.
 */
class TlsCredentials extends ChannelCredentials {
  readonly #source: TlsSource;
  readonly #options: ClientTlsOptions;

  constructor(source: TlsSource, options: ClientTlsOptions) {
    super();
    this.#source = source;
    this.#options = options;
  }

  override _isSecure(): boolean {
    return true;
  }

  /** Clients do not share connections that they secure, each in its own way. */
  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(
    target: experimental.GrpcUri,
    channelOptions: ChannelOptions,
    callCredentials = CallCredentials.createEmpty(),
  ): experimental.SecureConnector {
    this.#source.watch();
    const { serverName = serverNameOf(target, channelOptions), checkServerIdentity } =
      this.#options;
    return {
      connect: async (socket) => {
        const { context } = this.#source.current;
        const options = { context, serverName, checkServerIdentity };
        return { socket: await secureConnect(socket, options), secure: true };
      },
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => callCredentials,
      destroy: () => {},
    };
  }
}

/** Whose certificate a target must show: its host, even when it is reached through a proxy. */
function serverNameOf(target: experimental.GrpcUri, options: ChannelOptions): string {
  const given = options['grpc.ssl_target_name_override'];
  if (given !== undefined) return given;
  const proxied = options['grpc.http_connect_target'];
  if (proxied !== undefined) return hostOf(proxied.replace(/^[a-z0-9]+:(\/\/[^/]*\/)?/i, ''));
  if (target.scheme === 'unix') return 'localhost';
  return hostOf(target.path);
}

/** The host of the first of the addresses. */
function hostOf(path: string): string {
  const [first = path] = path.split(',');
  return experimental.splitHostPort(first)?.host ?? first;
}
