import type { ClientSession } from './client-session.js';
import type { Endpoint } from './endpoint.js';

/** Which of the servers gets a call. */
export interface Balancer {
  /** The servers from now on; those that stay are the same objects. */
  update(endpoints: readonly Endpoint[]): void;
  /** A server has been reached, lost or given up. */
  onChange(): void;
  /** The connection for the next call; undefined if none has room. */
  pick(): ClientSession | undefined;
  /** There are calls, and no connection with room: makes attempts, if any are to be made. */
  connect(): void;
  close(): void;
}
