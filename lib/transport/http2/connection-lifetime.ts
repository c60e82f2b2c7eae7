import { Timer } from '../../base/timer.js';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';

/** Told what time it is for a connection. */
export interface LifetimeListener {
  /** It is to take no more calls. */
  aged(): void;
  /** The calls that are still on it have had their time. */
  cutOff(): void;
  /** There has been no call on it for long. */
  idle(): void;
}

/** What a connection tells of itself. */
export interface Lifetime {
  /** A call has begun. */
  opened(): void;
  /** A call is over. */
  closed(): void;
  /** The connection is gone. */
  stop(): void;
}

/** The age varies by this share, so that clients do not all come back at once. */
const JITTER = 0.1;

/** Bounds how long a connection lives, and how long it lives without a call. */
export function limitLifetime(
  limits: ServerTransportOptions,
  listener: LifetimeListener,
): Lifetime {
  const { maxConnectionAge = Infinity, maxConnectionAgeGrace = Infinity } = limits;
  const { maxConnectionIdle = Infinity } = limits;
  let calls = 0;
  // It runs during calls as well, and then means nothing: each call would stop and start it.
  const idle = new Timer(maxConnectionIdle, () => {
    if (calls === 0) listener.idle();
  }).unref();
  let age = new Timer(maxConnectionAge * (1 + JITTER * (2 * Math.random() - 1)), () => {
    listener.aged();
    age = new Timer(maxConnectionAgeGrace, () => listener.cutOff()).unref();
  }).unref();
  return {
    opened: () => {
      calls += 1;
    },
    closed: () => {
      calls -= 1;
      if (calls === 0) idle.restart();
    },
    stop: () => {
      idle.stop();
      age.stop();
    },
  };
}
