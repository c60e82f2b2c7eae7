import type { ContenderName } from './contenders/index.js';
import { Entrant } from './entrant.js';
import { type MemoryResult, measureMemory } from './memory-runner.js';
import type { Options } from './options.js';
import type { Case } from './plan.js';
import { measureRates, type RateResult } from './rate-runner.js';

/** Runs all cases; gives what came of each as soon as it is there. */
export async function* run(options: Options): AsyncGenerator<RateResult | MemoryResult> {
  const field = new Field(options.nodeOptions);
  try {
    for (const each of options.cases) {
      yield* runCase(each, field, options);
      if (!options.keepProcesses) await field.leave();
    }
  } finally {
    await field.leave();
  }
}

async function* runCase(
  each: Case,
  field: Field,
  { rounds, milliseconds }: Options,
): AsyncGenerator<RateResult | MemoryResult> {
  if ('workload' in each) {
    yield await measureRates(each, await field.enter(each.contenders), rounds, milliseconds);
    return;
  }
  for (const contender of each.contenders) {
    for (const entrant of await field.enter([contender])) yield await measureMemory(each, entrant);
    await field.leave();
  }
}

/** The contenders whose processes are up. */
class Field {
  readonly #nodeOptions: readonly string[];
  readonly #entrants = new Map<ContenderName, Entrant>();

  constructor(nodeOptions: readonly string[]) {
    this.#nodeOptions = nodeOptions;
  }

  /** Those of these names, started if they are not. */
  async enter(names: readonly ContenderName[]): Promise<Entrant[]> {
    return await Promise.all(
      names.map(async (name) => {
        const there = this.#entrants.get(name);
        if (there !== undefined) return there;
        const entrant = new Entrant(name, this.#nodeOptions);
        this.#entrants.set(name, entrant);
        await entrant.start();
        return entrant;
      }),
    );
  }

  /** Ends them all. */
  async leave(): Promise<void> {
    const entrants = [...this.#entrants.values()];
    this.#entrants.clear();
    await Promise.all(entrants.map((entrant) => entrant.stop()));
  }
}
