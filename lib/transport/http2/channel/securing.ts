import type { Socket } from 'node:net';
import type { ClientTlsOptions } from '../../../call/tls-options.js';
import { checkClientTls } from '../../tls/check-tls-options.js';
import { secureConnect } from '../../tls/secure-connect.js';
import { TlsSource } from '../../tls/tls-source.js';

/** How a channel secures its connections, and what stops its looking at files. */
export interface Securing {
  readonly scheme: 'http' | 'https';
  /** Gives what to speak HTTP/2 over: the connection itself, or TLS on top of it. */
  prepare(socket: Socket): Promise<Socket>;
  close(): void;
}

/**
 * @param host - whose certificate to expect unless `tls` says
 * @throws {TypeError | RangeError} naming the option, what it takes and what came
 */
export function toSecuring(tls: ClientTlsOptions | boolean | undefined, host: string): Securing {
  if (tls === undefined || tls === false) return CLEAR;
  const options = tls === true ? {} : tls;
  checkClientTls(options);
  const { serverName = host, checkServerIdentity } = options;
  const source = new TlsSource(options);
  return {
    scheme: 'https',
    prepare: (socket) => {
      source.watch();
      const { context } = source.current;
      return secureConnect(socket, { context, serverName, checkServerIdentity });
    },
    close: () => source.close(),
  };
}

const CLEAR: Securing = {
  scheme: 'http',
  prepare: (socket) => Promise.resolve(socket),
  close: () => {},
};
