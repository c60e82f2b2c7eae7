import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { attackClient } from './fuzz-client.js';
import { FuzzedServer } from './fuzz-server.js';
import { type FuzzedTransport, record } from './recording.js';

export type FuzzedSide = 'server' | 'client';

/** How many inputs are under way at once, and after how many all must be well. */
const AT_ONCE = 12;
const BATCH = 96;
/** More faults than this say no more. */
const MOST_FAULTS = 5;

/**
 * Feeds a side with mutated bytes and prints how many inputs that were; gives what was wrong.
 *
 * `FUZZ_SEED` in the environment is the number of the first input: an input is the same for the same
 * number, as long as the recordings are.
 */
export async function runFuzz(
  transport: FuzzedTransport,
  side: FuzzedSide,
  inputs: number,
): Promise<string[]> {
  // It prints each header that it does not like.
  setLogVerbosity(logVerbosity.NONE);
  const begun = performance.now();
  const first = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 30));
  const recordings = await record();
  const server = side === 'server' ? await FuzzedServer.start(transport) : undefined;
  const attack = (seed: number): Promise<string[]> =>
    server?.attack(recordings, seed) ?? attackClient(transport, recordings, seed);
  const faults: string[] = [];
  let next = first;
  while (next < first + inputs && faults.length < MOST_FAULTS) {
    const end = Math.min(next + BATCH, first + inputs);
    faults.push(...(await runBatch(next, end, attack)));
    for (const fault of (await server?.check()) ?? []) {
      faults.push(`${fault}, after inputs ${next} to ${end - 1}`);
    }
    next = end;
  }
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const words = `${next - first} mutated inputs for a ${transport} ${side}, from ${first} on`;
  process.stdout.write(`${words}, in ${seconds} s\n`);
  return faults.map((fault) => `${fault} (FUZZ_SEED=${first})`);
}

async function runBatch(
  from: number,
  to: number,
  attack: (seed: number) => Promise<string[]>,
): Promise<string[]> {
  const faults: string[] = [];
  let next = from;
  const work = async (): Promise<void> => {
    while (next < to) {
      const seed = next;
      next += 1;
      const found = await attack(seed).catch((error: unknown) => [String(error)]);
      for (const fault of found) faults.push(`${fault}, at input ${seed}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return faults;
}
