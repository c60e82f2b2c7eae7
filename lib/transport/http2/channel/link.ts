import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Timer } from '../../../base/timer.js';
import { wordsOf } from '../../../base/words-of.js';
import type { ReconnectBackoffOptions } from '../../../call/channel-options.js';
import { type Address, addressText } from './address.js';
import { Backoff } from './backoff.js';
import { ClientSession, type SessionRules } from './client-session.js';
import type { Dialer } from './dialer.js';
import { openSession } from './open-session.js';

/** A connection that is lost within so many milliseconds, and had no call, was none. */
const SHORT = 1_000;

/** How connections are made. */
export interface LinkRules extends SessionRules {
  readonly dialer: Dialer;
  readonly backoff: ReconnectBackoffOptions | undefined;
}

/** Told that a link has changed, or that a connection that was full has room. */
export type OnLinkChange = (link: Link) => void;

export type LinkState =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: AbortController }
  | { readonly name: 'ready'; readonly session: ClientSession }
  | { readonly name: 'backoff'; readonly timer: Timer; readonly reason: string }
  | { readonly name: 'closed' };

const IDLE: LinkState = { name: 'idle' };

/**
 * A place for one connection to an address. It is filled on demand, and again when the connection
 * takes no more calls; that one ends by itself when the calls on it have.
 *
 * ```
 *           ┌──── lost, GOAWAY, unused for long ────┐
 *           ▼                                       │
 *  idle ── connect() ──► connecting ── settings ──► ready
 *   ▲                        │ failed               │ lost at once
 *   └── time is over ── backoff ◄───────────────────┘
 * ```
 */
export class Link {
  readonly address: Address;
  readonly #rules: LinkRules;
  readonly #onChange: OnLinkChange;
  readonly #backoff: Backoff;
  readonly #leaving = new Set<ClientSession>();
  #state: LinkState = IDLE;

  constructor(address: Address, rules: LinkRules, onChange: OnLinkChange) {
    this.address = address;
    this.#rules = rules;
    this.#onChange = onChange;
    this.#backoff = new Backoff(rules.backoff);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Whether there is an attempt, a wait or a connection, be it one that takes no calls. */
  get isInUse(): boolean {
    return this.#state.name !== 'idle' || this.#leaving.size > 0;
  }

  /** The connection, if there is one with room for a call. */
  get free(): ClientSession | undefined {
    if (this.#state.name !== 'ready') return undefined;
    const { session } = this.#state;
    if (session.hasRoom) return session;
    if (!session.isOpen) session.retire();
    return undefined;
  }

  /** Begins an attempt, if none is under way, nothing is connected and no wait imposed. */
  connect(): void {
    if (this.#state.name === 'idle') void this.#attempt();
  }

  /** Gives an attempt up; a connection takes no more calls. It may be used again. */
  release(): void {
    const state = this.#state;
    if (state.name === 'connecting') {
      this.#state = IDLE;
      state.attempt.abort();
    } else if (state.name === 'ready') {
      this.#state = IDLE;
      state.session.retire();
    }
  }

  /** Ends everything. */
  close(): void {
    const state = this.#state;
    this.#state = { name: 'closed' };
    if (state.name === 'connecting') state.attempt.abort();
    else if (state.name === 'backoff') state.timer.stop();
    else if (state.name === 'ready') state.session.close();
    for (const session of this.#leaving) session.close();
  }

  async #attempt(): Promise<void> {
    const { dialer } = this.#rules;
    const attempt = new AbortController();
    const mine: LinkState = { name: 'connecting', attempt };
    this.#state = mine;
    const begin = performance.now();
    try {
      const dialed = await dialer.dial(this.address, attempt.signal);
      const session = await openSession(dialed);
      if (this.#state === mine) this.#connected(session, dialed.secured, begin);
      else session.destroy();
    } catch (thrown) {
      if (this.#state === mine) this.#failed(wordsOf(thrown), performance.now() - begin);
    }
  }

  #connected(inner: ClientHttp2Session, socket: Socket, begin: number): void {
    const session = new ClientSession(inner, socket, addressText(this.address), this.#rules, {
      onRoom: () => this.#onChange(this),
      onLeaving: (which) => this.#left(which, performance.now() - begin),
      onGone: (which) => this.#leaving.delete(which),
    });
    this.#state = { name: 'ready', session };
    this.#onChange(this);
  }

  #left(session: ClientSession, after: number): void {
    this.#leaving.add(session);
    if (this.#state.name !== 'ready') return;
    // With calls that wait, the next attempt would follow at once, and so on without a pause.
    if (!session.hadCalls && after < SHORT) {
      this.#failed('the server took no call before it closed the connection', after);
      return;
    }
    this.#backoff.reset();
    this.#state = IDLE;
    this.#onChange(this);
  }

  #failed(reason: string, took: number): void {
    const timer = new Timer(Math.max(this.#backoff.next() - took, 0), () => {
      this.#state = IDLE;
      this.#onChange(this);
    }).unref();
    this.#state = { name: 'backoff', timer, reason };
    this.#onChange(this);
  }
}
