import { type Address, addressText } from './address.js';
import { Endpoint, type EndpointRules } from './endpoint.js';
import type { OnLinkChange } from './link.js';

/** The servers of a channel, as its target resolves to them. */
export class EndpointSet {
  readonly #rules: EndpointRules;
  readonly #onChange: OnLinkChange;
  #byName = new Map<string, Endpoint>();
  /** Those that the target no longer leads to, while calls may be open there. */
  readonly #former = new Set<Endpoint>();
  #addresses: readonly Address[] = [];

  constructor(rules: EndpointRules, onChange: OnLinkChange) {
    this.#rules = rules;
    this.#onChange = onChange;
  }

  get all(): readonly Endpoint[] {
    return [...this.#byName.values()];
  }

  /** Keeps those that stay, lets go of those that are no longer there. Says whether any changed. */
  update(addresses: readonly Address[]): boolean {
    if (addresses === this.#addresses) return false;
    this.#addresses = addresses;
    const before = this.#byName;
    this.#byName = new Map();
    for (const address of addresses) {
      const name = addressText(address);
      const kept = before.get(name) ?? new Endpoint(address, this.#rules, this.#onChange);
      this.#byName.set(name, kept);
      before.delete(name);
    }
    for (const endpoint of this.#former) if (!endpoint.isInUse) this.#former.delete(endpoint);
    for (const endpoint of before.values()) {
      this.#former.add(endpoint);
      endpoint.release();
    }
    return true;
  }

  /** Why no server can be reached now; undefined while one can be, or may be. */
  get failure(): string | undefined {
    const reasons: string[] = [];
    for (const [name, { failure }] of this.#byName) {
      if (failure === undefined) return undefined;
      reasons.push(`no connection to ${name}: ${failure}`);
    }
    return reasons.length === 0 ? undefined : reasons.join('; ');
  }

  close(): void {
    for (const endpoint of [...this.#byName.values(), ...this.#former]) endpoint.close();
  }
}
