import { createServer, type Server, type Socket } from 'node:net';
import type { ListenResult } from '../../call/server-transport.js';
import { parseListenAddress } from './listen-address.js';

/** What takes the connections: grpc-js's connection injector. */
interface Injector {
  injectConnection(connection: Socket): void;
}

/**
 * A listening socket that hands its connections to grpc-js. Being ours, it says exactly why an
 * address cannot be had, knows which connections are lost and can close every one of them.
 */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Map<string, Socket>();
  #unixPeers = 0;

  constructor(injector: Injector) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#keep(socket);
      injector.injectConnection(socket);
    });
  }

  listen(address: string): Promise<ListenResult> {
    const where = parseListenAddress(address);
    return new Promise((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException): void => {
        reject(new Error(`cannot listen on ${address}: ${reasonOf(error)}`, { cause: error }));
      };
      this.#server.once('error', refuse);
      this.#server.listen(where, () => {
        this.#server.off('error', refuse);
        // Such as too many open files: this connection is lost, the next may be had.
        this.#server.on('error', (error) => process.emitWarning(error));
        resolve(this.#bound(address));
      });
    });
  }

  /** Whether a connection of this peer is open. */
  isConnected(peer: string): boolean {
    return this.#sockets.get(peer)?.destroyed === false;
  }

  /** Takes no more connections. */
  close(): void {
    this.#server.close();
  }

  /** Closes the connections that are open. */
  destroy(): void {
    this.#server.close();
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  #keep(socket: Socket): void {
    if (socket.remoteAddress === undefined) this.#number(socket);
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#sockets.set(peer, socket);
    socket.once('close', () => {
      if (this.#sockets.get(peer) === socket) this.#sockets.delete(peer);
    });
  }

  /** The peers of a unix socket have no address: each gets a number, to tell them apart. */
  #number(socket: Socket): void {
    this.#unixPeers += 1;
    Object.defineProperty(socket, 'remoteAddress', { value: 'unix' });
    Object.defineProperty(socket, 'remotePort', { value: this.#unixPeers });
  }

  #bound(address: string): ListenResult {
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') return { port: 0, address };
    const host = address.slice(0, address.lastIndexOf(':'));
    return { port: bound.port, address: `${host}:${bound.port}` };
  }
}

const REASONS: { readonly [code: string]: string } = {
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'permission denied',
  ENOTFOUND: 'the host cannot be resolved',
};

function reasonOf(error: NodeJS.ErrnoException): string {
  const reason = REASONS[error.code ?? ''];
  return reason === undefined ? error.message : `${reason} (${error.code})`;
}
