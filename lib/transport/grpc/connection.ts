import type { Socket } from 'node:net';
import { Timer } from '../../base/timer.js';
import type { AuthContext } from '../../context/auth-context.js';

/** When grpc-js gives a connection up, in milliseconds. */
export interface Patience {
  /** Between pings; Infinity if there are none. */
  readonly time: number;
  /** For the answer to one. */
  readonly timeout: number;
  /** The age from which it may cut off the calls on it; Infinity if it never does. */
  readonly cutOffAge: number;
}

/** How often to listen while waiting for an answer. */
const LOOKS_PER_TIMEOUT = 2;

/**
 * A connection that speaks HTTP/2.
 *
 * When its pings are not answered, grpc-js gives it up, but Node keeps its socket while there is
 * something left to write, which a peer that does not read can draw out for ever. So it is watched
 * here as well: a peer that answers pings is heard of, and one that is not heard of is gone.
 */
export class Connection {
  readonly auth: AuthContext;
  readonly #socket: Socket;
  readonly #patience: Patience;
  readonly #begin = performance.now();
  #timer: Timer | undefined;
  #bytesHeard = 0;
  #silence = 0;

  constructor(socket: Socket, auth: AuthContext, patience: Patience) {
    this.#socket = socket;
    this.auth = auth;
    this.#patience = patience;
    if (patience.time === Infinity) return;
    socket.once('close', () => this.#timer?.stop());
    this.#watch();
  }

  /** Whether it was closed, by either side, or nothing has been heard of the peer for a while. */
  get isLost(): boolean {
    const { destroyed, writableEnded } = this.#socket;
    return destroyed || writableEnded || (this.#silence > 0 && !this.#isHeard());
  }

  /** Whether it is so old that grpc-js may have cut off its calls. */
  get isAged(): boolean {
    return performance.now() - this.#begin >= this.#patience.cutOffAge;
  }

  #isHeard(): boolean {
    return this.#socket.bytesRead !== this.#bytesHeard;
  }

  #watch(): void {
    const interval = this.#patience.timeout / LOOKS_PER_TIMEOUT;
    // What has arrived while this process was busy is read right after the timers.
    this.#timer = new Timer(interval, () => setImmediate(() => this.#look(interval))).unref();
  }

  #look(interval: number): void {
    if (this.#socket.destroyed) return;
    this.#silence = this.#isHeard() ? 0 : this.#silence + interval;
    this.#bytesHeard = this.#socket.bytesRead;
    const { time, timeout } = this.#patience;
    if (this.#silence > time + timeout) this.#socket.destroy();
    else this.#watch();
  }
}
