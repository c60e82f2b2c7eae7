import type { Address } from './address.js';
import type { ClientSession } from './client-session.js';
import { Link, type LinkRules, type OnLinkChange } from './link.js';

/** How connections to one address are made, and how many. */
export interface EndpointRules extends LinkRules {
  /** Another connection is opened while those there are full of calls, up to so many. */
  readonly connectionsPerAddress: number;
}

/** One address and the connections to it: one, unless more are allowed and it is full. */
export class Endpoint {
  readonly address: Address;
  readonly #rules: EndpointRules;
  readonly #onChange: OnLinkChange;
  readonly #links: Link[] = [];

  constructor(address: Address, rules: EndpointRules, onChange: OnLinkChange) {
    this.address = address;
    this.#rules = rules;
    this.#onChange = onChange;
    this.#addLink();
  }

  /** A connection with room for a call, if there is one. */
  get free(): ClientSession | undefined {
    for (const link of this.#links) {
      const session = link.free;
      if (session !== undefined) return session;
    }
    return undefined;
  }

  get isReady(): boolean {
    return this.#links.some((link) => link.state.name === 'ready');
  }

  /** Whether an attempt to connect is under way. */
  get isConnecting(): boolean {
    return this.#links.some((link) => link.state.name === 'connecting');
  }

  /** Why it cannot be reached, while it is not to be tried again. */
  get failure(): string | undefined {
    const [first] = this.#links;
    if (this.isReady || this.isConnecting || first?.state.name !== 'backoff') return undefined;
    return first.state.reason;
  }

  /** Whether there is nothing, and an attempt may be made. */
  get isIdle(): boolean {
    return !this.isReady && !this.isConnecting && this.failure === undefined;
  }

  /** Whether anything has to be closed. */
  get isInUse(): boolean {
    return this.#links.some((link) => link.isInUse);
  }

  /** Connects, if it is not connected. */
  connect(): void {
    if (!this.isReady) this.#links[0]?.connect();
  }

  /** Connects once more, if it may: there are calls, and no room for them. */
  expand(): void {
    if (this.isConnecting || !this.isReady) return;
    const unused = this.#links.find((link) => link.state.name === 'idle');
    if (unused !== undefined) unused.connect();
    else if (this.#links.length < this.#rules.connectionsPerAddress) this.#addLink().connect();
  }

  /** Gives attempts up; connections take no more calls. It may be used again. */
  release(): void {
    for (const link of this.#links) link.release();
  }

  /** Ends everything. */
  close(): void {
    for (const link of this.#links) link.close();
  }

  #addLink(): Link {
    const link = new Link(this.address, this.#rules, this.#onChange);
    this.#links.push(link);
    return link;
  }
}
