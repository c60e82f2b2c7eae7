import { grpc, http2, type Transport } from 'tributary';

/** What is soaked. */
export const TRANSPORTS = { grpc, http2 } satisfies { [name: string]: () => Transport };

export type TransportName = keyof typeof TRANSPORTS;
