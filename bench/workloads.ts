import type { Caller } from './contender.js';
import { expectedTally, makeNote, Tally, type TallyOf } from './notes.js';

/** Something to measure: sends `count` notes and gives the tally of what came through. */
export type Workload = (caller: Caller, count: number) => Promise<TallyOf>;

/** How many unary calls are open at a time. */
const UNARY_CONCURRENCY = 64;

/** The workloads by the names that `--only` takes. */
export const WORKLOADS = {
  /** Calls, 64 open at a time. */
  async unary(caller, count) {
    const tally = new Tally();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count) {
        const note = makeNote(next);
        next += 1;
        tally.add(await caller.answer(note));
      }
    };
    await Promise.all(Array.from({ length: UNARY_CONCURRENCY }, work));
    return tally;
  },

  /** One stream from server to client. */
  async 'server-streaming'(caller, count) {
    const tally = new Tally();
    await caller.produce(count, tally.add);
    return tally;
  },

  /** One stream from client to server, which counts. */
  async 'client-streaming'(caller, count) {
    const { characters, sequences, count: came } = await caller.collect(count);
    return { count: came, characters, sequences };
  },

  /** One stream each way at once: every note comes back. */
  async 'bidi-echo'(caller, count) {
    const tally = new Tally();
    await caller.echo(count, tally.add);
    return tally;
  },
} satisfies { [name: string]: Workload };

export type WorkloadName = keyof typeof WORKLOADS;

/** Runs a workload and checks that every note arrived once. */
export async function runChecked(name: WorkloadName, caller: Caller, count: number): Promise<void> {
  const tally = await WORKLOADS[name](caller, count);
  const expected = expectedTally(count);
  for (const key of ['count', 'characters', 'sequences'] as const) {
    if (tally[key] !== expected[key]) {
      throw new Error(`${name}: ${key} should be ${expected[key]} and came out as ${tally[key]}`);
    }
  }
}
