import {
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { ignore } from '../../base/deferred.js';
import type { AuthContext } from '../../context/auth-context.js';
import type { CallConnection } from './server-wire.js';
import { CONNECTION_WINDOW, STREAM_WINDOW } from './windows.js';

/** Takes the streams that a client opens. */
export type TakeStream = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  connection: CallConnection,
) => void;

/** A client's connection, from its first word of HTTP/2 on. */
export class ServerSession implements CallConnection {
  readonly peer: string;
  readonly auth: AuthContext;
  readonly #session: ServerHttp2Session;

  constructor(socket: Socket, auth: AuthContext, maxConcurrentStreams: number, take: TakeStream) {
    this.auth = auth;
    const { remoteAddress, remotePort } = socket;
    this.peer = `${remoteAddress}:${remotePort}`;
    this.#session = performServerHandshake(socket, {
      settings: { initialWindowSize: STREAM_WINDOW, maxConcurrentStreams, enablePush: false },
    });
    this.#session.setLocalWindowSize(CONNECTION_WINDOW);
    this.#session.on('error', ignore);
    this.#session.on('stream', (stream, headers) => take(stream, headers, this));
  }

  get isLost(): boolean {
    return this.#session.destroyed;
  }

  /** Takes no more calls; those that are open go on. */
  drain(): void {
    this.#session.close();
  }

  destroy(): void {
    this.#session.destroy();
  }

  whenClosed(onClose: () => void): void {
    this.#session.once('close', onClose);
  }
}
