import { Timer } from '../../../base/timer.js';
import { wordsOf } from '../../../base/words-of.js';
import type { ReconnectBackoffOptions } from '../../../call/channel-options.js';
import type { Address } from './address.js';
import { Backoff } from './backoff.js';

/** How old what is known must be before a name is looked up again, in milliseconds. */
const LEAST_AGE = 30_000;

type State = 'idle' | 'looking' | 'backoff';

/**
 * The addresses of a name.
 *
 * ```
 *          ┌──────────────── addresses ─────────────────┐
 *          ▼                                            │
 *  idle: known or not ── want: unknown, or doubted ──► looking
 *          ▲                and 30 s old                │ failure: what was known stays
 *          └────────── time is over ─────── backoff ◄───┘
 * ```
 */
export class NameResolver {
  readonly #lookUp: () => Promise<readonly Address[]>;
  readonly #onChange: () => void;
  readonly #backoff: Backoff;
  #state: State = 'idle';
  #addresses: readonly Address[] = [];
  #failure: string | undefined;
  #isDoubted = false;
  #lookedUpAt = 0;
  #timer: Timer | undefined;
  #closed = false;

  /**
   * @param lookUp - rejects, or finds one address or more
   * @param onChange - told of new addresses, of a failure, and when the wait after it is over
   */
  constructor(
    lookUp: () => Promise<readonly Address[]>,
    backoff: ReconnectBackoffOptions | undefined,
    onChange: () => void,
  ) {
    this.#lookUp = lookUp;
    this.#onChange = onChange;
    this.#backoff = new Backoff(backoff);
  }

  /** What is known; empty if nothing is. */
  get addresses(): readonly Address[] {
    return this.#addresses;
  }

  /** Why nothing is known, until the next look-up. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Whether better is to be known soon. */
  get isLooking(): boolean {
    return this.#state === 'looking';
  }

  /** A server could not be reached, or is gone: there may be others by now. */
  doubt(): void {
    this.#isDoubted = true;
  }

  /** Looks the name up if that has not been done, or has been long ago and was doubted since. */
  want(): void {
    if (this.#state !== 'idle' || this.#closed) return;
    const isKnown = this.#addresses.length > 0;
    const isOld = performance.now() - this.#lookedUpAt >= LEAST_AGE;
    if (!isKnown || (this.#isDoubted && isOld)) void this.#look();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.stop();
  }

  async #look(): Promise<void> {
    this.#state = 'looking';
    this.#isDoubted = false;
    this.#failure = undefined;
    this.#lookedUpAt = performance.now();
    try {
      this.#addresses = await this.#lookUp();
      this.#backoff.reset();
      this.#state = 'idle';
    } catch (thrown) {
      if (this.#addresses.length === 0) this.#failure = wordsOf(thrown);
      this.#isDoubted = true;
      this.#state = 'backoff';
      if (!this.#closed) this.#waitAWhile();
    }
    if (!this.#closed) this.#onChange();
  }

  #waitAWhile(): void {
    this.#timer = new Timer(this.#backoff.next(), () => {
      this.#state = 'idle';
      this.#onChange();
    }).unref();
  }
}
