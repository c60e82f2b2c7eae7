import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Timer } from '../../../base/timer.js';

/** Milliseconds of silence after which it is time to ask. */
const SILENCE = 10_000;
/** Node closes a connection with more questions that wait for an answer than ten. */
const MOST_UNANSWERED = 5;

/**
 * Notices that a connection no longer hears its server. Where a server breaks HTTP/2, Node may stop
 * reading and say nothing of it: not even the end of the connection is heard of.
 *
 * ```
 *  off ── a call ──► resting ── silence, though bytes had come before ──► asked ── bytes move ──► resting
 *   ▲                   │ no calls                                          └── none do ──► deaf
 *   └───────────────────┘
 * ```
 * It asks with empty SETTINGS, as servers count pings; a session that is deaf does not even send them.
 * And only once after anything has come, as only that can make it deaf: a call at rest costs nothing. A
 * server that is slow to answer is the keepalive's concern.
 */
export class Hearing {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #timeout: number;
  readonly #onDeaf: () => void;
  #state: 'off' | 'resting' | 'asked' | 'over' = 'off';
  #timer: Timer | undefined;
  #hasCalls = false;
  #unanswered = 0;
  /** Bytes that had come at the last look. */
  #seen = 0;
  /** Bytes that had come when the session was last known to hear. */
  #heard = 0;

  /** @param timeout - milliseconds within which bytes are to move */
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
    else if (bytesRead !== this.#seen || bytesRead === this.#heard) this.#rest();
    else if (this.#unanswered === MOST_UNANSWERED) this.#rest();
    else this.#ask();
  }

  #ask(): void {
    if (this.#session.destroyed) return;
    this.#state = 'asked';
    const { bytesWritten } = this.#socket;
    this.#unanswered += 1;
    this.#session.settings({}, (error) => {
      if (error !== null) return;
      this.#unanswered = 0;
      this.#hears(this.#socket.bytesRead);
    });
    // What has arrived while this process was busy is read right after the timers.
    this.#wait(this.#timeout, () => setImmediate(() => this.#judge(bytesWritten)));
  }

  #judge(written: number): void {
    if (this.#state !== 'asked') return;
    const { bytesRead, bytesWritten } = this.#socket;
    if (bytesRead !== this.#seen) this.#rest();
    else if (bytesWritten !== written) this.#hears(bytesRead);
    else this.#onDeaf();
  }

  /** So many bytes have come and have not made it deaf. */
  #hears(bytes: number): void {
    if (this.#state !== 'asked') return;
    this.#timer?.stop();
    this.#heard = bytes;
    this.#rest();
  }

  #wait(time: number, then: () => void): void {
    this.#timer = new Timer(time, then).unref();
  }
}
