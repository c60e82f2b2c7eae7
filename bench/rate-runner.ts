import type { ContenderName } from './contenders/index.js';
import type { Entrant, Sample, Sides } from './entrant.js';
import type { RateCase } from './plan.js';

/** All samples of a contender, in the order of the rounds. */
export interface Runs {
  readonly samples: readonly Sample[];
  /** The most memory each process ever had, in bytes. */
  readonly peakMemory: Sides<number>;
}

/** What came of a workload. */
export interface RateResult extends Omit<RateCase, 'contenders'> {
  readonly runs: { readonly [Name in ContenderName]?: Runs };
}

/** A first run has this many messages; each further one is made to take the wanted time. */
const FIRST_COUNT = 500;

/** How long contenders warm up, in runs: code is compiled and the heap grows meanwhile. */
const WARM_UP_RUNS = 2;

/**
 * Runs a workload with contenders that take turns round by round, so that whatever else the machine
 * does hits all of them alike. Warm-up runs find out how many messages make a run.
 *
 * @param milliseconds - how long a run is to take
 */
export async function measureRates(
  { workload, size }: RateCase,
  entrants: readonly Entrant[],
  rounds: number,
  milliseconds: number,
): Promise<RateResult> {
  const turns: { entrant: Entrant; count: number; samples: Sample[] }[] = [];
  for (const entrant of entrants) {
    const run = (count: number): Promise<Sample> => entrant.run(workload, size, count);
    turns.push({ entrant, count: await warmUp(run, milliseconds), samples: [] });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { entrant, count, samples } of turns) {
      samples.push(await entrant.run(workload, size, count));
    }
  }
  const runs: { [Name in ContenderName]?: Runs } = {};
  for (const { entrant, samples } of turns) {
    runs[entrant.name] = { samples, peakMemory: await entrant.peakMemory() };
  }
  return { workload, size, runs };
}

/** Gives the number of messages that take the wanted time. */
async function warmUp(run: (count: number) => Promise<Sample>, wanted: number): Promise<number> {
  let count = FIRST_COUNT;
  const end = performance.now() + WARM_UP_RUNS * wanted;
  do {
    const { milliseconds } = await run(count);
    // Cold code is slow: the count may grow tenfold at most from one run to the next.
    count = Math.ceil(Math.min((wanted * count) / milliseconds, count * 10));
  } while (performance.now() < end);
  return count;
}
