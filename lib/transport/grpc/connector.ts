import type { Socket } from 'node:net';
import { CallCredentials, type experimental } from '@grpc/grpc-js';
import { Timer } from '../../base/timer.js';

/** How long a server may take for its first word of HTTP/2, in milliseconds. */
const GREETING_TIMEOUT = 20_000;

/** How connections are made ready for HTTP/2. */
export interface Securing {
  readonly secure: boolean;
  /** Gives what to speak HTTP/2 over: the connection itself, or TLS on top of it. */
  prepare(socket: Socket): Socket | Promise<Socket>;
}

/**
 * Takes a client's connections from TCP to HTTP/2.
 *
 * ```
 *  connected ── prepare ──► unheard ── a word of HTTP/2 ──► grpc-js's own
 *      └── the client closes ──┴── 20 s, the client closes ──► closed
 * ```
 * grpc-js would await that word, the server's settings, for ever, and leave a connection open that
 * was still without it when the client closed.
 */
export class Connector implements experimental.SecureConnector {
  readonly #securing: Securing;
  readonly #credentials: CallCredentials;
  readonly #preparing = new Set<Socket>();
  /** With the bytes that had come by when HTTP/2 began: more do in any case, it has acknowledgements. */
  readonly #unheard = new Map<Socket, number>();
  #destroyed = false;

  constructor(securing: Securing, credentials = CallCredentials.createEmpty()) {
    this.#securing = securing;
    this.#credentials = credentials;
  }

  async connect(socket: Socket): Promise<experimental.SecureConnectResult> {
    if (this.#destroyed) throw new Error('the client is closed');
    const { secure } = this.#securing;
    this.#preparing.add(socket);
    try {
      const prepared = await this.#securing.prepare(socket);
      this.#awaitWord(prepared);
      return { socket: prepared, secure };
    } finally {
      this.#preparing.delete(socket);
    }
  }

  waitForReady(): Promise<void> {
    return Promise.resolve();
  }

  getCallCredentials(): CallCredentials {
    return this.#credentials;
  }

  /** The client needs no more connections. */
  destroy(): void {
    this.#destroyed = true;
    for (const socket of this.#preparing) socket.destroy();
    for (const socket of this.#unheard.keys()) if (this.#isUnheard(socket)) socket.destroy();
  }

  #awaitWord(socket: Socket): void {
    this.#unheard.set(socket, socket.bytesRead);
    const timer = new Timer(GREETING_TIMEOUT, () => {
      if (this.#isUnheard(socket)) socket.destroy(silent());
      this.#unheard.delete(socket);
    }).unref();
    socket.once('close', () => {
      timer.stop();
      this.#unheard.delete(socket);
    });
  }

  #isUnheard(socket: Socket): boolean {
    return socket.bytesRead === this.#unheard.get(socket);
  }
}

function silent(): Error {
  return new Error(`the server said nothing in HTTP/2 within ${GREETING_TIMEOUT} ms`);
}
