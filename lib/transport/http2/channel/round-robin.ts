import type { Balancer } from './balancer.js';
import type { ClientSession } from './client-session.js';
import type { Endpoint } from './endpoint.js';

/** All servers by turns, leaving out those that cannot be reached. */
export class RoundRobin implements Balancer {
  #endpoints: readonly Endpoint[] = [];
  #next = 0;

  update(endpoints: readonly Endpoint[]): void {
    this.#endpoints = endpoints;
    this.#next = 0;
  }

  onChange(): void {}

  pick(): ClientSession | undefined {
    const all = this.#endpoints;
    for (let tried = 0; tried < all.length; tried += 1) {
      const endpoint = all[this.#next] as Endpoint;
      this.#next = (this.#next + 1) % all.length;
      const session = endpoint.free;
      if (session !== undefined) return session;
      // One that was lost comes back while the others work.
      endpoint.connect();
    }
    return undefined;
  }

  connect(): void {
    for (const endpoint of this.#endpoints) {
      endpoint.connect();
      endpoint.expand();
    }
  }

  close(): void {}
}
