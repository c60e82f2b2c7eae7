import type { Socket } from 'node:net';
import type { AuthContext } from '../../context/auth-context.js';

/** A connection that speaks HTTP/2. */
export class Connection {
  readonly auth: AuthContext;
  readonly #socket: Socket;

  constructor(socket: Socket, auth: AuthContext) {
    this.#socket = socket;
    this.auth = auth;
  }

  /** Whether it has been neither closed nor lost. */
  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }
}
