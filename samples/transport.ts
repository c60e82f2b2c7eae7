import { grpc, http2, type Transport } from 'tributary';

/** What the samples can travel by. */
const TRANSPORTS: { readonly [name: string]: () => Transport } = { grpc, http2 };

/** The transport of this name; throws for a name that is none's. */
export function transportNamed(name: string): Transport {
  if (Object.hasOwn(TRANSPORTS, name)) return TRANSPORTS[name]!();
  throw new Error(
    `there is no transport '${name}'; there are ${Object.keys(TRANSPORTS).join(', ')}`,
  );
}
