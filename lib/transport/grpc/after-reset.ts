/** How long a reset may take to follow the half-close that announces it, in milliseconds. */
const RESET_DELAY = 1;

/**
 * Calls `halfClosed` when a reset would have been there. Node's client ends its side of the stream
 * before it resets it, so a cancelled call looks half-closed for a moment, and a broken one when its
 * socket was closed in good order. A handler must not take half of an upload for all of it: the reset
 * gets a moment, and a look at the network after that, to overtake.
 * `__tests__/transport/grpc-traps.test.ts` tells when this is mended.
 */
export function afterReset(halfClosed: () => void): void {
  setTimeout(() => setImmediate(halfClosed), RESET_DELAY);
}
