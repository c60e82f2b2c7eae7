import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import { ignore } from '../../../base/deferred.js';
import { Timer } from '../../../base/timer.js';
import type { CallCarrier } from '../call-queue.js';
import { resetName } from '../reset-status.js';
import { Keepalive } from './keepalive.js';
import type { PingPace } from './ping-pace.js';

/** What the connections of a channel have in common. */
export interface SessionRules {
  readonly pace: PingPace;
  /** Milliseconds without a call after which a connection is closed; Infinity for never. */
  readonly maxIdle: number;
}

/** Told what happens to a connection. */
export interface SessionListener {
  /** It was full, and has room again. */
  onRoom(): void;
  /** It takes no more calls; those on it go on, unless it is lost. Once. */
  onLeaving(session: ClientSession): void;
  /** Nothing is left of it. Once, after `onLeaving`. */
  onGone(session: ClientSession): void;
}

/** How long a connection that is being closed may take to say so, in milliseconds. */
const FAREWELL_TIMEOUT = 1_000;

/**
 * A connection to a server that speaks HTTP/2.
 *
 * ```
 *  open ── GOAWAY, unused for long, close() ──► leaving ── the last call ends ──► gone
 *    └──── lost: the socket, silence, GOAWAY with an error, close() and 1 s ───────┘
 * ```
 */
export class ClientSession implements CallCarrier {
  readonly peer: string;
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #rules: SessionRules;
  readonly #listener: SessionListener;
  readonly #keepalive: Keepalive;
  readonly #idle: Timer;
  #state: 'open' | 'leaving' | 'gone' = 'open';
  #calls = 0;
  #limit: number;
  #loss: string | undefined;
  /** What the server has said: streams above were not looked at. */
  #lastStreamId = Infinity;
  #goaway: string | undefined;

  /** @param session - that has had the server's settings */
  constructor(
    session: ClientHttp2Session,
    socket: Socket,
    peer: string,
    rules: SessionRules,
    listener: SessionListener,
  ) {
    this.#session = session;
    this.#socket = socket;
    this.peer = peer;
    this.#rules = rules;
    this.#listener = listener;
    this.#limit = streamLimit(session);
    this.#keepalive = new Keepalive(session, socket, rules.pace, () =>
      this.#lose(`the server answered no ping within ${rules.pace.timeout} ms (keepalive)`),
    );
    this.#idle = new Timer(rules.maxIdle, () => this.#closeIfIdle()).unref();
    this.#listen();
  }

  /** Whether one more call may go on it. */
  get hasRoom(): boolean {
    return this.#calls < this.#limit && this.isOpen;
  }

  /** Whether it takes calls, now or when some have ended. */
  get isOpen(): boolean {
    return this.#state === 'open' && !this.#session.closed && !this.#session.destroyed;
  }

  open(headers: OutgoingHttpHeaders, signal: AbortSignal): ClientHttp2Stream {
    const stream = this.#session.request(headers, { endStream: false, signal });
    stream.once('close', this.#onStreamClose);
    this.#calls += 1;
    if (this.#calls === 1) {
      this.#session.ref();
      this.#keepalive.begin();
    }
    // HTTP/2 has no more numbers for streams on this connection.
    if (stream.id === undefined) this.#leave();
    return stream;
  }

  lossOf(stream: ClientHttp2Stream): string | undefined {
    if (this.#loss !== undefined) return this.#loss;
    const { errored } = stream;
    if (!this.#session.destroyed || errored === null) return undefined;
    return `the connection was lost: ${errored.message}`;
  }

  isUnprocessed({ id, rstCode }: ClientHttp2Stream): boolean {
    if (id === undefined || id > this.#lastStreamId) return true;
    return rstCode === constants.NGHTTP2_REFUSED_STREAM;
  }

  /** Takes no more calls, and is gone when those that are open have ended. */
  retire(): void {
    this.#leave();
    if (!this.#session.destroyed) this.#session.close();
  }

  /** Is gone as soon as the server can have heard of it. */
  close(): void {
    this.retire();
    const timer = new Timer(FAREWELL_TIMEOUT, () => this.#lose('the client is closed')).unref();
    this.#socket.once('close', () => timer.stop());
    if (this.#socket.destroyed) timer.stop();
  }

  #listen(): void {
    const session = this.#session;
    session.on('error', ignore);
    session.on('remoteSettings', () => {
      this.#limit = streamLimit(session);
      if (this.hasRoom) this.#listener.onRoom();
    });
    session.on('goaway', (code, lastStreamId, data) => this.#onGoaway(code, lastStreamId, data));
    session.once('close', () => this.#onClose());
    // Before Node's own listeners, which end the calls: they are told why.
    this.#socket.prependOnceListener('error', ({ message }) => {
      this.#loss ??= `the connection was lost: ${message}`;
    });
    this.#socket.prependOnceListener('close', () => this.#onClose());
  }

  #onGoaway(code: number, lastStreamId: number, data: Uint8Array | undefined): void {
    const words = data === undefined ? '' : Buffer.from(data).toString().toWellFormed();
    this.#lastStreamId = lastStreamId;
    this.#goaway = `GOAWAY ${resetName(code)}${words === '' ? '' : ` (${words})`}`;
    if (code !== constants.NGHTTP2_NO_ERROR) {
      this.#loss ??= `the server closed the connection with ${this.#goaway}`;
    }
    if (code === constants.NGHTTP2_ENHANCE_YOUR_CALM && words === 'too_many_pings') {
      this.#rules.pace.slowDown();
    }
    this.#leave();
  }

  readonly #onStreamClose = (): void => {
    const wasFull = this.#calls >= this.#limit;
    this.#calls -= 1;
    if (this.#calls === 0) {
      this.#keepalive.pause();
      if (this.#state === 'open') this.#idle.restart();
      if (!this.#session.destroyed) this.#session.unref();
    }
    if (wasFull && this.hasRoom) this.#listener.onRoom();
  };

  #closeIfIdle(): void {
    if (this.#calls === 0) this.retire();
  }

  #leave(): void {
    if (this.#state !== 'open') return;
    this.#state = 'leaving';
    this.#idle.stop();
    this.#listener.onLeaving(this);
  }

  #lose(reason: string): void {
    this.#loss ??= reason;
    this.#session.destroy();
    this.#socket.destroy();
    this.#onClose();
  }

  #onClose(): void {
    if (this.#state === 'gone') return;
    const behind = this.#goaway === undefined ? '' : ` behind ${this.#goaway}`;
    this.#loss ??= `the connection was closed${behind}`;
    this.#leave();
    this.#state = 'gone';
    this.#keepalive.stop();
    this.#listener.onGone(this);
  }
}

/** How many calls the server takes at once. */
function streamLimit({ remoteSettings }: ClientHttp2Session): number {
  return remoteSettings.maxConcurrentStreams ?? Infinity;
}
