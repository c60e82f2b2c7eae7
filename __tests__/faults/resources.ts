import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from '@jest/globals';

/** What keeps a process alive, and would pile up if something were not let go. */
const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'PipeWrap', 'TLSWrap', 'Timeout'] as const;

export type Resources = Readonly<Record<(typeof KINDS)[number], number>>;

/** How many sockets and timers there are. */
export function resources(): Resources {
  const count = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<string, number>;
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind in count) count[kind] = (count[kind] as number) + 1;
  }
  return count as Resources;
}

/** Waits until there is no more of anything than there was. Sockets take a moment to close. */
export async function returnTo(before: Resources): Promise<void> {
  const limit = performance.now() + 3_000;
  while (hasMore(before) && performance.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (hasMore(before)) expect(resources()).toEqual(before);
}

function hasMore(before: Resources): boolean {
  const now = resources();
  return KINDS.some((kind) => now[kind] > before[kind]);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are in use, on the heap and beside it, once what is garbage has gone. */
export function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
