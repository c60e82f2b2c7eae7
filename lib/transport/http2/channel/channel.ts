import { ignore } from '../../../base/deferred.js';
import { Status } from '../../../status/status.js';
import type { CallQueue, WaitingCall } from '../call-queue.js';
import type { Address } from './address.js';
import type { Balancer } from './balancer.js';
import type { EndpointRules } from './endpoint.js';
import { EndpointSet } from './endpoint-set.js';
import type { Link } from './link.js';
import { NameResolver } from './name-resolver.js';

/** How a channel finds its servers and spreads calls over them. */
export interface ChannelRules extends EndpointRules {
  readonly balancer: Balancer;
  /** Rejects, or finds one address or more. */
  lookUp(): Promise<readonly Address[]>;
}

/** As long as a timer takes, in milliseconds. */
const LONG = 2 ** 31 - 1;

/**
 * The connections to a target, and the calls that wait for one.
 *
 * ```
 *  add ── a connection has room ───────────────────────────────► start
 *   └──► waiting, first come, first served ── room, connected ──► start
 *            └── no server can be reached, unless it waits for that ──► fail
 * ```
 * Nothing is connected without a call that wants it. Calls that wait keep the process alive.
 */
export class Channel implements CallQueue {
  readonly #balancer: Balancer;
  readonly #names: NameResolver;
  readonly #endpoints: EndpointSet;
  readonly #waiting = new Set<WaitingCall>();
  #alive: NodeJS.Timeout | undefined;
  #advancing: 'no' | 'yes' | 'again' = 'no';
  #closed = false;

  constructor(rules: ChannelRules) {
    this.#balancer = rules.balancer;
    this.#names = new NameResolver(rules.lookUp, rules.backoff, () => this.#advance());
    this.#endpoints = new EndpointSet(rules, (link) => this.#onLinkChange(link));
  }

  /** Why calls cannot begin now, as far as is known. */
  get trouble(): string | undefined {
    return this.#names.failure ?? this.#endpoints.failure;
  }

  get waitsFor(): 'a connection' | 'a place' {
    return this.#endpoints.all.some(({ isReady }) => isReady) ? 'a place' : 'a connection';
  }

  add(call: WaitingCall): void {
    if (this.#closed) {
      call.fail(Status.UNAVAILABLE, 'the client is closed');
      return;
    }
    const session = this.#waiting.size === 0 ? this.#balancer.pick() : undefined;
    if (session !== undefined) call.start(session);
    else {
      this.#waiting.add(call);
      this.#advance();
    }
  }

  remove(call: WaitingCall): void {
    if (this.#waiting.delete(call)) this.#holdProcess();
  }

  close(): void {
    this.#closed = true;
    this.#names.close();
    this.#balancer.close();
    this.#endpoints.close();
    this.#failAll('the client is closed', () => true);
    this.#holdProcess();
  }

  #onLinkChange({ state }: Link): void {
    if (this.#closed) return;
    if (state.name === 'backoff' || state.name === 'idle') this.#names.doubt();
    if (state.name === 'backoff') this.#names.want();
    this.#balancer.onChange();
    this.#advance();
  }

  /** What it does may change connections in turn: then once more, not within. */
  #advance(): void {
    if (this.#closed) return;
    if (this.#advancing !== 'no') {
      this.#advancing = 'again';
      return;
    }
    do {
      this.#advancing = 'yes';
      this.#serve();
      // Serving may have asked for another round, which TypeScript cannot see.
    } while ((this.#advancing as string) === 'again' && !this.#closed);
    this.#advancing = 'no';
    this.#holdProcess();
  }

  #serve(): void {
    if (this.#endpoints.update(this.#names.addresses)) this.#balancer.update(this.#endpoints.all);
    for (const call of this.#waiting) {
      const session = this.#balancer.pick();
      if (session === undefined) break;
      this.#waiting.delete(call);
      call.start(session);
    }
    if (this.#waiting.size > 0) this.#connect();
  }

  #connect(): void {
    this.#names.want();
    // What is known is in doubt, or nothing is.
    if (this.#names.isLooking) return;
    this.#balancer.connect();
    const { trouble } = this;
    if (trouble === undefined) return;
    this.#failAll(trouble, ({ waitForReady }) => !waitForReady);
  }

  #failAll(reason: string, whom: (call: WaitingCall) => boolean): void {
    for (const call of [...this.#waiting].filter(whom)) {
      this.#waiting.delete(call);
      call.fail(Status.UNAVAILABLE, reason);
    }
  }

  #holdProcess(): void {
    if (this.#waiting.size > 0) this.#alive ??= setInterval(ignore, LONG);
    else if (this.#alive !== undefined) {
      clearInterval(this.#alive);
      this.#alive = undefined;
    }
  }
}
