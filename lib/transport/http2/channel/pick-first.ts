import { Timer } from '../../../base/timer.js';
import type { Balancer } from './balancer.js';
import type { ClientSession } from './client-session.js';
import type { Endpoint } from './endpoint.js';

/** How long one server may keep the next from being tried, in milliseconds. */
const HEAD_START = 250;

/**
 * One server for all calls: the first of the list that can be reached, tried in their order, each
 * with a small head start.
 *
 * ```
 *  trying: 1st ── failed, 250 ms ──► 2nd ── … ── one is ready ──► chosen, the others let go
 *     ▲                                                             │
 *     └───────────────────────── lost ──────────────────────────────┘
 * ```
 *
 * @see https://www.rfc-editor.org/rfc/rfc8305
 */
export class PickFirst implements Balancer {
  readonly #shuffles: boolean;
  #endpoints: readonly Endpoint[] = [];
  #chosen: Endpoint | undefined;
  /** The one that was tried last. */
  #trying: Endpoint | undefined;
  #headStart: Timer | undefined;

  /** @param shuffles - tries them in an order of its own */
  constructor(shuffles: boolean) {
    this.#shuffles = shuffles;
  }

  update(endpoints: readonly Endpoint[]): void {
    this.#endpoints = this.#shuffles ? shuffled(endpoints) : endpoints;
    this.onChange();
  }

  onChange(): void {
    const chosen = this.#chosen;
    if (chosen?.isReady && this.#endpoints.includes(chosen)) return;
    this.#chosen = this.#endpoints.find((endpoint) => endpoint.isReady);
    if (this.#chosen === undefined) return;
    this.close();
    for (const endpoint of this.#endpoints) if (endpoint !== this.#chosen) endpoint.release();
  }

  pick(): ClientSession | undefined {
    return this.#chosen?.free;
  }

  connect(): void {
    if (this.#chosen?.isReady) this.#chosen.expand();
    else if (this.#headStart === undefined || !this.#trying?.isConnecting) this.#tryNext();
  }

  close(): void {
    this.#headStart?.stop();
    this.#headStart = undefined;
  }

  #tryNext(): void {
    this.close();
    this.#trying = this.#endpoints.find((endpoint) => endpoint.isIdle);
    if (this.#trying === undefined) return;
    this.#trying.connect();
    this.#headStart = new Timer(HEAD_START, () => this.#tryNext()).unref();
  }
}

/** In any order, each as likely as the others. */
function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(Math.random() * rest.length), 1)[0] as T);
}
