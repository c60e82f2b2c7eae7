import fc from 'fast-check';
import { Arena } from './arena.js';
import { anyProgram, type Program } from './program.js';
import type { TrialTransport } from './verdict.js';

export interface TrialOptions {
  /** How many programs are run at the least, unless the time is over before. */
  readonly programs: number;
  /** Milliseconds after which no more are begun. */
  readonly limit: number;
}

/** How many programs run side by side at most. */
const MOST_AT_ONCE = 3;

/**
 * Runs random programs, prints how many and gives their number. Fails with what is wrong, the program,
 * and how to run it again.
 *
 * `TRIAL_SEED` and `TRIAL_PATH` in the environment repeat a run that has failed.
 */
export async function runTrials(
  transport: TrialTransport,
  { programs, limit }: TrialOptions,
): Promise<number> {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  let count = 0;
  const begun = performance.now();
  let end = begun + limit;
  let arena: Arena | undefined;
  const property = fc.asyncProperty(someAtOnce, async (each) => {
    if (performance.now() > end) return;
    arena ??= await Arena.open(transport);
    count += each.length;
    const faults = await arena.run(each);
    for (const reason of unhandled.splice(0)) faults.push(`unhandled: ${String(reason)}`);
    if (faults.length === 0) return;
    // What has gone wrong may go on: the next programs get servers of their own.
    arena = undefined;
    end = Infinity;
    throw new Error(faults.join('\n'));
  });
  try {
    const { TRIAL_SEED: seed, TRIAL_PATH: path } = process.env;
    const result = await fc.check(property, {
      numRuns: Math.ceil((programs * 2) / (MOST_AT_ONCE + 1)),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(path === undefined ? {} : { path, endOnFailure: true }),
    });
    if (result.failed && result.counterexample !== null) throw failure(transport, result);
  } finally {
    process.off('unhandledRejection', listen);
  }
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  process.stdout.write(`${count} random programs over ${transport} in ${seconds} s\n`);
  return count;
}

const someAtOnce = fc.array(anyProgram, { minLength: 1, maxLength: MOST_AT_ONCE, size: 'max' });

function failure(transport: TrialTransport, result: fc.RunDetails<[Program[]]>): Error {
  const { seed, counterexamplePath: path, counterexample, errorInstance } = result;
  const words = [
    `a program failed over ${transport}; to run it again:`,
    `TRIAL_SEED=${seed} TRIAL_PATH=${path} npm test -- __tests__/trials -t ${transport}`,
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    JSON.stringify(counterexample?.[0], undefined, 1),
  ];
  return new Error(words.join('\n'));
}
