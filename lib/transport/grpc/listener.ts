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

  constructor(injector: Injector) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      this.#sockets.set(peer, socket);
      socket.once('close', () => {
        if (this.#sockets.get(peer) === socket) this.#sockets.delete(peer);
      });
      injector.injectConnection(socket);
    });
  }

  listen(address: string): Promise<ListenResult> {
    const where = parseListenAddress(address);
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        reject(new Error(`cannot listen on ${address}: ${reasonOf(error)}`, { cause: error }));
      });
      this.#server.listen(where, () => resolve(this.#bound(address)));
    });
  }

  /** Whether this peer was connected here once and is not any more. */
  hasLost(peer: string): boolean {
    if (!peer.includes(':')) return false;
    return this.#sockets.get(peer)?.destroyed ?? true;
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
