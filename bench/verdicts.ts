import { ratioOf } from './figures.js';
import type { MemoryResult } from './memory-runner.js';
import type { RateResult } from './rate-runner.js';
import type { MemoryTarget, RateTarget, Target } from './targets.js';

/** What came of a target. */
export interface Verdict {
  readonly target: Target;
  /** The median of the rounds, or the bytes of the side that took more. */
  readonly reached: number;
  readonly met: boolean;
}

/** Judges the targets that were measured; of the others nothing is said. */
export function judge(
  targets: readonly Target[],
  rates: readonly RateResult[],
  memories: readonly MemoryResult[],
): Verdict[] {
  return targets.flatMap((target) => {
    const reached = 'memory' in target ? mostHeap(target, memories) : medianRatio(target, rates);
    if (reached === undefined) return [];
    const met = 'memory' in target ? reached <= target.atMost : reached >= target.atLeast;
    return [{ target, reached, met }];
  });
}

function medianRatio(
  { workload, size, contender, against }: RateTarget,
  rates: readonly RateResult[],
): number | undefined {
  const result = rates.find((each) => each.workload === workload && each.size === size);
  return result && ratioOf(result, contender, against)?.median;
}

function mostHeap(
  { memory, contender }: MemoryTarget,
  memories: readonly MemoryResult[],
): number | undefined {
  const result = memories.find((each) => each.memory === memory && each.contender === contender);
  if (result === undefined) return undefined;
  const { server, client } = result.grown;
  return Math.max(server.heap, client.heap) / result.streams;
}
