import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { ignore } from '../../../base/deferred.js';
import { Timer } from '../../../base/timer.js';
import type { CallCarrier } from '../call-queue.js';
import { Hearing } from './hearing.js';
import { Keepalive } from './keepalive.js';
import type { PingPace } from './ping-pace.js';
import { SessionEnd } from './session-end.js';

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
  readonly #end: SessionEnd;
  readonly #keepalive: Keepalive;
  readonly #hearing: Hearing;
  readonly #idle: Timer;
  #state: 'open' | 'leaving' | 'gone' = 'open';
  #farewell: Timer | undefined;
  #calls = 0;
  #hadCalls = false;
  #limit: number;

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
    this.#end = new SessionEnd(session);
    this.#keepalive = new Keepalive(session, socket, rules.pace, () =>
      this.#lose(`the server answered no ping within ${rules.pace.timeout} ms (keepalive)`),
    );
    this.#hearing = new Hearing(session, socket, rules.pace.timeout, () =>
      this.#lose(
        `no byte moved within ${rules.pace.timeout} ms: the server may have broken HTTP/2`,
      ),
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
    return this.#state === 'open' && !this.#session.destroyed;
  }

  /** Whether a call has been on it. */
  get hadCalls(): boolean {
    return this.#hadCalls;
  }

  open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.#session.request(headers, { endStream: false });
    stream.once('close', this.#onStreamClose);
    this.#calls += 1;
    this.#hadCalls = true;
    if (this.#calls === 1) {
      this.#session.ref();
      this.#keepalive.begin();
      this.#hearing.begin();
    }
    // HTTP/2 has no more numbers for streams on this connection.
    if (stream.id === undefined) this.#leave();
    return stream;
  }

  lossOf(stream: ClientHttp2Stream): string | undefined {
    return this.#end.lossOf(stream);
  }

  isUnprocessed(stream: ClientHttp2Stream): boolean {
    return this.#end.isUnprocessed(stream);
  }

  /** Takes no more calls, and is gone when those that are open have ended. */
  retire(): void {
    this.#leave();
    if (!this.#session.destroyed) this.#session.close();
  }

  /** Is gone as soon as the server can have heard of it. */
  close(): void {
    this.retire();
    this.#sayFarewell();
  }

  #listen(): void {
    const session = this.#session;
    session.on('error', ignore);
    session.on('remoteSettings', () => {
      this.#limit = streamLimit(session);
      if (this.hasRoom) this.#listener.onRoom();
    });
    session.on('goaway', (code, lastStreamId, data) => {
      if (this.#end.goaway(code, lastStreamId, data)) this.#rules.pace.slowDown();
      this.#leave();
    });
    session.once('close', () => this.#onClose());
    // Before Node's own listeners, which end the calls: they are told why.
    this.#socket.prependOnceListener('error', ({ message }) =>
      this.#end.lost(`the connection was lost: ${message}`),
    );
    this.#socket.prependOnceListener('close', () => this.#onClose());
  }

  readonly #onStreamClose = (): void => {
    const wasFull = this.#calls >= this.#limit;
    this.#calls -= 1;
    if (this.#calls === 0) {
      this.#keepalive.pause();
      this.#hearing.pause();
      if (this.#state === 'open') this.#idle.restart();
      else this.#sayFarewell();
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
    if (this.#calls === 0) this.#sayFarewell();
    this.#listener.onLeaving(this);
  }

  /** A server that does not close its side as well is not waited for. */
  #sayFarewell(): void {
    if (this.#state === 'gone') return;
    this.#farewell ??= new Timer(FAREWELL_TIMEOUT, () =>
      this.#lose('the connection was closed'),
    ).unref();
  }

  #lose(reason: string): void {
    this.#end.lost(reason);
    this.#session.destroy();
    this.#socket.destroy();
    this.#onClose();
  }

  #onClose(): void {
    if (this.#state === 'gone') return;
    this.#end.closed();
    this.#leave();
    this.#state = 'gone';
    this.#farewell?.stop();
    this.#keepalive.stop();
    this.#hearing.stop();
    this.#listener.onGone(this);
  }
}

/** How many calls the server takes at once. */
function streamLimit({ remoteSettings }: ClientHttp2Session): number {
  return remoteSettings.maxConcurrentStreams ?? Infinity;
}
