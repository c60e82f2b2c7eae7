import type { ServerOptions } from 'tributary';
import type { NetworkName, Target } from './target.js';

/** The same over both transports, or what is so over each. */
export type PerTransport<T> = T | { readonly [Name in NetworkName]: T };

export function over<T extends string | readonly string[]>(
  name: NetworkName,
  value: PerTransport<T>,
): T {
  return typeof value === 'object' && 'grpc' in value ? value[name] : (value as T);
}

/** As many handlers as there may be, each told once. */
export const ANY = 'any';

/** Something that a client or a network does to a server, and what must come of it. */
export interface ServerFault {
  readonly name: string;
  readonly options?: ServerOptions;
  /** Does it, and says in a word what the client gets for it. */
  readonly commit: (target: Target) => Promise<string>;
  readonly outcome: PerTransport<string>;
  /** What each handler is told, in the order in which they begin; none begins unless given. */
  readonly ends?: PerTransport<readonly string[]> | typeof ANY;
  /** How many errors onError hears of; none unless given. */
  readonly errors?: number;
  /** The server is closed by it: no canary can sing. */
  readonly isLast?: boolean;
  /** Bytes that may be held while the fault lasts; only where memory is the matter. */
  readonly most?: number;
}
