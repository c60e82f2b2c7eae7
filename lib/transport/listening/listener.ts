import { createServer, type Server, type Socket } from 'node:net';
import { ignore } from '../../base/deferred.js';
import { Timer } from '../../base/timer.js';
import type { ListenResult } from '../../call/server-transport.js';
import { type AuthContext, NO_AUTH } from '../../context/auth-context.js';
import type { TlsFront } from '../tls/tls-front.js';
import { awaitPreface } from './await-preface.js';
import { connectionKey } from './connection-key.js';
import type { Gate } from './gate.js';
import { parseListenAddress } from './listen-address.js';

/** Takes a connection that speaks HTTP/2; gives what it is to be known as. */
export type TakeConnection<Connection> = (socket: Socket, auth: AuthContext) => Connection;

/**
 * A listening socket in front of an HTTP/2 server. Being ours, it says exactly why an
 * address cannot be had, knows which connections are lost and can close every one of them.
 *
 * ```
 *  accepted ── too many ──► closed
 *     └──► handshake: TLS if asked for, then HTTP/2's preface ── in time ──► connected ──► closed
 *               └── too late, refused by TLS, another protocol, the server closes ─────────┘
 * ```
 */
export class Listener<Connection> {
  readonly #server: Server;
  readonly #take: TakeConnection<Connection>;
  readonly #gate: Gate;
  readonly #tls: TlsFront | undefined;
  /** All that are open, as they were accepted: under TLS the sockets below it. */
  readonly #sockets = new Set<Socket>();
  /** Those that speak HTTP/2, by their keys. */
  readonly #connections = new Map<string, Connection>();
  /** Over all listeners: a server may have several. */
  static #unixPeers = 0;
  #closed = false;

  constructor(take: TakeConnection<Connection>, gate: Gate) {
    this.#take = take;
    this.#gate = gate;
    this.#tls = gate.secure?.((socket, auth) => this.#greet(socket, auth));
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
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

  /** The connection with this key, if it is open. */
  connectionOf(key: string): Connection | undefined {
    return this.#connections.get(key);
  }

  /** Takes no more connections; those in their handshake are closed. */
  close(): void {
    this.#closed = true;
    this.#server.close();
    for (const socket of this.#sockets) if (this.#isGreeting(socket)) socket.destroy();
  }

  /** Closes the connections that are open. */
  destroy(): void {
    this.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    socket.on('error', ignore);
    if (!this.#gate.limit.admits(socket)) return;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#tls === undefined) this.#greet(socket, NO_AUTH);
    else {
      this.#limitHandshake(socket);
      this.#tls.secure(socket);
    }
  }

  #greet(socket: Socket, auth: AuthContext): void {
    if (socket.remoteAddress === undefined) this.#number(socket);
    if (this.#tls === undefined) this.#limitHandshake(socket);
    awaitPreface(socket, () => this.#connect(socket, auth));
  }

  #connect(socket: Socket, auth: AuthContext): void {
    if (this.#closed) {
      socket.destroy();
      return;
    }
    const key = connectionKey(socket);
    const connection = this.#take(socket, auth);
    this.#connections.set(key, connection);
    socket.once('close', () => {
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    });
  }

  #limitHandshake(socket: Socket): void {
    const timer = new Timer(this.#gate.handshakeTimeout, () => {
      if (this.#isGreeting(socket)) socket.destroy();
    });
    socket.once('close', () => timer.stop());
  }

  /**
   * Whether it does not yet speak HTTP/2. Not known of a Unix socket below TLS: there the limit of
   * `TlsFront` has to do, which is for silence only. None but local processes come that way.
   */
  #isGreeting(socket: Socket): boolean {
    return socket.remoteAddress !== undefined && !this.#connections.has(connectionKey(socket));
  }

  /** The peers of a unix socket have no address: each gets a number, to tell them apart. */
  #number(socket: Socket): void {
    Listener.#unixPeers += 1;
    Object.defineProperty(socket, 'remoteAddress', { value: 'unix' });
    Object.defineProperty(socket, 'remotePort', { value: Listener.#unixPeers });
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
