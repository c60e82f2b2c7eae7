import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Timer } from '../../../base/timer.js';
import type { PingPace } from './ping-pace.js';

/**
 * Pings a server, to notice one that is gone without a word.
 *
 * ```
 *           ┌──── answered, or heard of otherwise ────┐
 *           ▼                                         │
 *  off ──► resting ── time is over, calls open ──► asked ── silence for the timeout ──► gone
 *           └── no calls ──► due: pinged with the next call ──►┘
 * ```
 *
 * @see https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md
 */
export class Keepalive {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #pace: PingPace;
  readonly #onGone: () => void;
  #state: 'off' | 'resting' | 'due' | 'asked' = 'off';
  #timer: Timer | undefined;
  #heard = 0;
  #hasCalls = false;

  constructor(session: ClientHttp2Session, socket: Socket, pace: PingPace, onGone: () => void) {
    this.#session = session;
    this.#socket = socket;
    this.#pace = pace;
    this.#onGone = onGone;
    if (pace.withoutCalls) this.#rest();
  }

  /** There is a call again. */
  begin(): void {
    this.#hasCalls = true;
    if (this.#state === 'off') this.#rest();
    else if (this.#state === 'due') this.#ask();
  }

  /** There is none any more. */
  pause(): void {
    this.#hasCalls = false;
  }

  stop(): void {
    this.#timer?.stop();
  }

  #rest(): void {
    this.#state = 'resting';
    if (this.#pace.time === Infinity) return;
    this.#wait(this.#pace.time, () => {
      if (this.#hasCalls || this.#pace.withoutCalls) this.#ask();
      else this.#state = 'due';
    });
  }

  #ask(): void {
    if (this.#session.destroyed) return;
    this.#state = 'asked';
    this.#heard = this.#socket.bytesRead;
    this.#session.ping(this.#onAnswer);
    // What has arrived while this process was busy is read right after the timers.
    this.#wait(this.#pace.timeout, () => setImmediate(() => this.#judge()));
  }

  readonly #onAnswer = (error: Error | null): void => {
    if (this.#state !== 'asked' || error !== null || this.#session.destroyed) return;
    this.#timer?.stop();
    this.#rest();
  };

  /** Whatever comes shows that the server is there; an answer may be behind much of it. */
  #judge(): void {
    if (this.#session.destroyed || this.#state !== 'asked') return;
    if (this.#socket.bytesRead === this.#heard) this.#onGone();
    else this.#rest();
  }

  #wait(time: number, then: () => void): void {
    this.#timer = new Timer(time, then).unref();
  }
}
