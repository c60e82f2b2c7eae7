import type { CallWait, ClientWire } from './client-transport.js';

/** What the call waits for, as far as its transport tells; undefined when it is on its way. */
export function waitsFor(
  wire: Pick<ClientWire, 'connected' | 'waitsFor'> | undefined,
): CallWait | undefined {
  return wire?.waitsFor ?? (wire?.connected ? undefined : 'a connection');
}
