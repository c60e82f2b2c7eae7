import type { Metadata } from './metadata.js';

/** Where gRPC's richer error model puts its details: the one reserved key that trailers may hold. */
export const STATUS_DETAILS = 'grpc-status-details-bin';

/** Keys that HTTP/2 writes; Node would refuse most of them deep inside a call. */
const RESERVED = new Set(
  (
    'connection keep-alive proxy-connection transfer-encoding upgrade http2-settings host te ' +
    'content-type content-length'
  ).split(' '),
);

/** Whether only HTTP/2 and gRPC themselves may write this key; it is given in lower case. */
export function isReserved(key: string): boolean {
  return key.startsWith('grpc-') || key.startsWith(':') || RESERVED.has(key);
}

/**
 * Takes out what HTTP/2 and gRPC wrote for themselves, status details aside: errors pass from call
 * to call, and what is left of received trailers may be sent on.
 */
export function dropReserved(metadata: Metadata): void {
  for (const key of Object.keys(metadata.getMap())) {
    if (isReserved(key) && key !== STATUS_DETAILS) metadata.remove(key);
  }
}
