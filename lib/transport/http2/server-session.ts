import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { ignore } from '../../base/deferred.js';
import { Timer } from '../../base/timer.js';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';
import type { AuthContext } from '../../context/auth-context.js';
import { endSafely } from '../listening/end-safely.js';
import { limitLifetime } from './connection-lifetime.js';
import { watchPeer } from './server-keepalive.js';
import type { CallConnection } from './server-wire.js';
import { SessionGuard } from './session-guard.js';
import { toSessionOptions } from './session-settings.js';
import { CONNECTION_WINDOW } from './windows.js';

/** What there is to know of a server's connections. */
export interface SessionHost {
  readonly limits: ServerTransportOptions;
  /** Milliseconds that are to pass between a client's pings. */
  readonly minPingInterval: number;
  /** Takes the streams that clients open. */
  take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, connection: CallConnection): void;
}

/** Milliseconds that a client may keep its side open when everything has been said. */
const LINGER = 1_000;

/**
 * A client's connection, from its first word of HTTP/2 on.
 *
 * ```
 *  open ── drain(), aged, idle ──► closing: GOAWAY that names the last call; open ones go on
 *   │                                │ no call is left
 *   └─ destroy(), abuse ──────────►  ▼
 *                                 ending: what there is to say is written ── LINGER ──► closed
 * ```
 * Others first send a GOAWAY that refuses no call yet; Node takes no call after any GOAWAY. A call that
 * has set out by then is not handled, and its client knows it by its number: it is safe to repeat.
 */
export class ServerSession implements CallConnection {
  readonly peer: string;
  readonly auth: AuthContext;
  readonly #socket: Socket;
  readonly #session: ServerHttp2Session;
  readonly #guard: SessionGuard;
  #isCalming = false;

  constructor(socket: Socket, auth: AuthContext, host: SessionHost) {
    const { limits } = host;
    this.auth = auth;
    this.#socket = socket;
    this.peer = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#session = performServerHandshake(socket, toSessionOptions(limits));
    endSafely(this.#session);
    this.#session.setLocalWindowSize(CONNECTION_WINDOW);
    this.#session.on('error', ignore);
    socket.once('finish', () => this.#linger());
    const { keepalive = {} } = limits;
    if (keepalive !== false) {
      watchPeer(this.#session, socket, keepalive, () => this.#lose());
    }
    this.#guard = new SessionGuard(this.#session, socket, host.minPingInterval, (what) =>
      this.#calm(what),
    );
    const lifetime = limitLifetime(limits, {
      aged: () => this.drain(),
      cutOff: () => this.#lose(),
      idle: () => this.drain(),
    });
    socket.once('close', () => lifetime.stop());
    this.#session.on('stream', (stream, headers) => {
      // Before anything else: it may have been reset already, in one packet with its headers.
      stream.on('error', ignore);
      lifetime.opened();
      stream.once('close', () => {
        lifetime.closed();
        if (stream.aborted && !this.isLost) this.#guard.noteReset();
      });
      host.take(stream, headers, this);
    });
  }

  get isLost(): boolean {
    return this.#session.destroyed;
  }

  noteData(bytes: number): void {
    this.#guard.noteData(bytes);
  }

  noteMessage(): void {
    this.#guard.noteMessage();
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

  /** The peer does not answer, or has had its time: nothing that is left to write keeps the socket. */
  #lose(): void {
    this.#session.destroy();
    this.#socket.destroy();
  }

  #calm(what: string): void {
    if (this.isLost || this.#isCalming) return;
    this.#isCalming = true;
    const { NGHTTP2_ENHANCE_YOUR_CALM } = constants;
    this.#session.goaway(NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from(what));
    this.#session.destroy(new Error(what), NGHTTP2_ENHANCE_YOUR_CALM);
    this.#linger();
  }

  #linger(): void {
    const timer = new Timer(LINGER, () => this.#socket.destroy()).unref();
    this.#socket.once('close', () => timer.stop());
  }
}
