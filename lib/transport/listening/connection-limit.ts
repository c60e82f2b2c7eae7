import type { Socket } from 'node:net';

/** The share of the limit to which connections must fall before they can be too many anew. */
const CALM = 0.9;

/** Bounds the connections of a server, over all the addresses it listens on. */
export class ConnectionLimit {
  readonly #limit: number;
  #open = 0;
  #warned = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts a connection until it closes; one too many is closed at once. */
  admits(socket: Socket): boolean {
    if (this.#open >= this.#limit) {
      socket.destroy();
      this.#warn();
      return false;
    }
    this.#open += 1;
    socket.once('close', () => {
      this.#open -= 1;
      if (this.#open <= this.#limit * CALM) this.#warned = false;
    });
    return true;
  }

  /** Once while there are too many: a flood must not flood the log as well. */
  #warn(): void {
    if (this.#warned) return;
    this.#warned = true;
    process.emitWarning(
      `${this.#limit} connections are open, which is maxConnections: further ones are closed`,
      { type: 'TributaryWarning', code: 'TRIBUTARY_MAX_CONNECTIONS' },
    );
  }
}
