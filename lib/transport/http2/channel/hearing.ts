import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Timer } from '../../../base/timer.js';

/** Milliseconds of silence after which it is time to ask. */
const SILENCE = 10_000;

/**
 * Notices that a connection no longer hears its server. Where a server breaks HTTP/2, Node may stop
 * reading and say nothing of it: not even the end of the connection is heard of.
 *
 * ```
 *  off ── a call ──► resting ── silence, though bytes had come before ──► asked ── answer ──► resting
 *   ▲                   │ no calls                                          └── nothing ──► deaf
 *   └───────────────────┘
 * ```
 * It asks with empty SETTINGS, which have to be acknowledged: servers count pings. And only once after
 * anything has come, as only that can make Node deaf: a call that is at rest costs nothing.
 */
export class Hearing {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #timeout: number;
  readonly #onDeaf: () => void;
  #state: 'off' | 'resting' | 'asked' | 'over' = 'off';
  #timer: Timer | undefined;
  #hasCalls = false;
  /** Bytes that had come at the last look. */
  #seen = 0;
  /** Bytes that had come when the session was last known to hear. */
  #heard = 0;

  /** @param timeout - milliseconds that an answer may take */
  constructor(session: ClientHttp2Session, socket: Socket, timeout: number, onDeaf: () => void) {
    this.#session = session;
    this.#socket = socket;
    this.#timeout = timeout;
    this.#onDeaf = onDeaf;
  }

  /** There is a call again. */
  begin(): void {
    this.#hasCalls = true;
    if (this.#state === 'off') this.#rest();
  }

  /** There is none any more. */
  pause(): void {
    this.#hasCalls = false;
  }

  stop(): void {
    this.#state = 'over';
    this.#timer?.stop();
  }

  #rest(): void {
    this.#state = 'resting';
    this.#seen = this.#socket.bytesRead;
    this.#wait(SILENCE, () => this.#look());
  }

  #look(): void {
    const { bytesRead } = this.#socket;
    if (this.#state === 'over') return;
    if (!this.#hasCalls) this.#state = 'off';
    else if (bytesRead === this.#seen && bytesRead !== this.#heard) this.#ask();
    else this.#rest();
  }

  #ask(): void {
    if (this.#session.destroyed) return;
    this.#state = 'asked';
    this.#session.settings({}, (error) => {
      if (this.#state !== 'asked' || error !== null) return;
      this.#timer?.stop();
      this.#heard = this.#socket.bytesRead;
      this.#rest();
    });
    // What has arrived while this process was busy is read right after the timers.
    this.#wait(this.#timeout, () => setImmediate(() => this.#judge()));
  }

  #judge(): void {
    if (this.#state !== 'asked') return;
    if (this.#socket.bytesRead === this.#seen) this.#onDeaf();
    else this.#rest();
  }

  #wait(time: number, then: () => void): void {
    this.#timer = new Timer(time, then).unref();
  }
}
