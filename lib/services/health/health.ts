import { describeValue } from '../../base/describe-value.js';
import { onAbort } from '../../base/on-abort.js';
import type { ServerCore } from '../../server/server.js';

/** What can be said of a service. */
export type HealthStatus = 'SERVING' | 'NOT_SERVING' | 'UNKNOWN';

const STATUSES: readonly HealthStatus[] = ['SERVING', 'NOT_SERVING', 'UNKNOWN'];

/**
 * How a server and its services are, as health checks report it. A service is SERVING from when it
 * is added, and so is `''`, the server as a whole; all are NOT_SERVING for good once the server
 * begins to close.
 */
export class Health {
  readonly #server: ServerCore;
  readonly #set = new Map<string, HealthStatus>();
  readonly #listeners = new Set<() => void>();
  #shutDown = false;

  /** `addHealth` makes one. */
  constructor(server: ServerCore) {
    this.#server = server;
    server.onServiceAdded(() => this.#changed());
    onAbort(server.draining, () => this.#changed());
  }

  /**
   * Says how a service is: one of the server's, `''` for the server as a whole, or any name that
   * clients are to check. Those who watch it hear of it at once, unless it was so already.
   *
   * @throws {TypeError} when either is no string, RangeError for an unknown status
   */
  set(service: string, status: HealthStatus): this {
    checkName(service);
    if (typeof status !== 'string') {
      throw new TypeError(`a health status is a string, got ${describeValue(status)}`);
    }
    if (!STATUSES.includes(status)) {
      throw new RangeError(
        `a health status is one of ${STATUSES.join(', ')}; got ${describeValue(status)}`,
      );
    }
    this.#set.set(service, status);
    this.#changed();
    return this;
  }

  /** Takes back what was `set`: a service of the server is SERVING again, any other unknown. */
  reset(service: string): this {
    checkName(service);
    this.#set.delete(service);
    this.#changed();
    return this;
  }

  /** How a service is now; `undefined` for one that is neither the server's nor `set`. */
  status(service: string): HealthStatus | undefined {
    checkName(service);
    const known =
      this.#set.get(service) ?? (this.#names().has(service) ? ('SERVING' as const) : undefined);
    return known !== undefined && this.#isOver ? 'NOT_SERVING' : known;
  }

  /**
   * All are NOT_SERVING from now on, whatever is set, while calls are still answered: balancers
   * that check health take their traffic elsewhere before `server.close()` turns it away.
   */
  shutdown(): void {
    this.#shutDown = true;
    this.#changed();
  }

  /** The names that have a status, `''` first. */
  names(): string[] {
    return [...new Set([...this.#names(), ...this.#set.keys()])];
  }

  /** Calls `listener` when any status may have changed. @returns what ends that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get #isOver(): boolean {
    return this.#shutDown || this.#server.draining.aborted;
  }

  #names(): Set<string> {
    return new Set(['', ...this.#server.services.map(({ name }) => name)]);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function checkName(service: unknown): void {
  if (typeof service !== 'string') {
    throw new TypeError(`a health service is named by a string, got ${describeValue(service)}`);
  }
}
