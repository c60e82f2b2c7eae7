import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Allowance } from './allowance.js';
import { PingStrikes } from './ping-strikes.js';

/** Calls that a client may give up; a little below what Node's own limit is, which names no reason. */
const RESETS = { most: 900, perSecond: 30 };

/** SETTINGS frames: clients send one, and another when they have measured the connection. */
const SETTINGS = { most: 100, perSecond: 1 };

/** DATA below so many bytes costs more than it carries, unless it holds messages. */
const TINY_BYTES = 64;

/** Tiny DATA frames, beyond two for each message, that a connection may have sent. */
const MOST_TINY = 10_000;
const TINY_PER_MESSAGE = 2;

/**
 * Watches what a client makes its connection do besides calls. What costs it little and the server much
 * has a bound; HEADERS without an end and empty DATA frames have one in Node.
 */
export class SessionGuard {
  readonly #onAbuse: (what: string) => void;
  readonly #resets = new Allowance(RESETS.most, RESETS.perSecond);
  #tiny = 0;

  /**
   * @param minPingInterval - milliseconds between pings
   * @param onAbuse - told what there was too much of
   */
  constructor(
    session: ServerHttp2Session,
    socket: Socket,
    minPingInterval: number,
    onAbuse: (what: string) => void,
  ) {
    this.#onAbuse = onAbuse;
    const strikes = new PingStrikes(minPingInterval);
    const settings = new Allowance(SETTINGS.most, SETTINGS.perSecond);
    session.on('ping', () => {
      if (strikes.isTooMany(performance.now(), socket.bytesWritten)) onAbuse('too_many_pings');
    });
    session.on('remoteSettings', () => {
      if (!settings.take()) onAbuse('too_many_settings');
    });
  }

  /** The client has given up a call. */
  noteReset(): void {
    if (!this.#resets.take()) this.#onAbuse('too_many_resets');
  }

  /** A DATA frame has come, or a part of one. */
  noteData(bytes: number): void {
    if (bytes >= TINY_BYTES) return;
    this.#tiny += 1;
    if (this.#tiny > MOST_TINY) this.#onAbuse('too_many_tiny_frames');
  }

  /** A message has come. */
  noteMessage(): void {
    this.#tiny = Math.max(this.#tiny - TINY_PER_MESSAGE, 0);
  }
}
