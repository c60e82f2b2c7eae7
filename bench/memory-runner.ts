import type { ContenderName } from './contenders/index.js';
import type { Entrant, Sides } from './entrant.js';
import type { MemoryCase, MemoryName } from './plan.js';
import type { Memory } from './worker.js';

/** What a contender needed. */
export interface MemoryResult {
  readonly memory: MemoryName;
  readonly contender: ContenderName;
  /** How many streams there were. */
  readonly streams: number;
  /** What was there afterwards and not before, garbage aside. */
  readonly grown: Sides<Memory>;
}

/** Streams that are used before anything is measured: what is made once is made by then. */
const WARM_UP_STREAMS = 2_000;

const STREAMS: { readonly [Name in MemoryName]: number } = {
  'idle-streams': 10_000,
  churn: 100_000,
};

/**
 * Measures the memory of a contender: of `idle-streams`, while so many are open on one connection,
 * all of which still answer afterwards; of `churn`, after so many have been opened, used and ended.
 */
export async function measureMemory(
  { memory }: MemoryCase,
  entrant: Entrant,
): Promise<MemoryResult> {
  const streams = STREAMS[memory];
  await entrant.churn(WARM_UP_STREAMS);
  const before = await entrant.memory();
  if (memory === 'churn') await entrant.churn(streams);
  else await entrant.openIdle(streams);
  const after = await entrant.memory();
  if (memory === 'idle-streams') {
    await entrant.useIdle();
    await entrant.endIdle();
  }
  const grown = {
    server: growth(before.server, after.server),
    client: growth(before.client, after.client),
  };
  return { memory, contender: entrant.name, streams, grown };
}

function growth(before: Memory, after: Memory): Memory {
  return { heap: after.heap - before.heap, resident: after.resident - before.resident };
}
