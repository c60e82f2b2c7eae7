import type { Socket } from 'node:net';
import {
  type CallCredentials,
  ChannelCredentials,
  type ChannelOptions,
  experimental,
} from '@grpc/grpc-js';
import type { ClientTlsOptions } from '../../call/tls-options.js';
import { checkClientTls } from '../tls/check-tls-options.js';
import { secureConnect } from '../tls/secure-connect.js';
import { TlsSource } from '../tls/tls-source.js';
import { Connector } from './connector.js';

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
    return { credentials: new ClearCredentials(), close: () => {} };
  }
  const options = tls === true ? {} : tls;
  checkClientTls(options);
  const source = new TlsSource(options);
  return { credentials: new TlsCredentials(source, options), close: () => source.close() };
}

/** Clear text. */
class ClearCredentials extends ChannelCredentials {
  override _isSecure(): boolean {
    return false;
  }

  /** Clients may share connections. */
  override _equals(other: ChannelCredentials): boolean {
    return other instanceof ClearCredentials;
  }

  override _createSecureConnector(
    _target: experimental.GrpcUri,
    _options: ChannelOptions,
    callCredentials?: CallCredentials,
  ): experimental.SecureConnector {
    return new Connector({ secure: false, prepare: (socket) => socket }, callCredentials);
  }
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
    callCredentials?: CallCredentials,
  ): experimental.SecureConnector {
    this.#source.watch();
    const { serverName = serverNameOf(target, channelOptions), checkServerIdentity } =
      this.#options;
    const prepare = (socket: Socket): Promise<Socket> => {
      const { context } = this.#source.current;
      return secureConnect(socket, { context, serverName, checkServerIdentity });
    };
    return new Connector({ secure: true, prepare }, callCredentials);
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
