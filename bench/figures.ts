import { BASELINE, type ContenderName, FLOOR } from './contenders/index.js';
import type { Sample, Sides } from './entrant.js';
import type { SizeName } from './notes.js';
import type { RateResult } from './rate-runner.js';
import { type Spread, spread } from './statistics.js';
import type { WorkloadName } from './workloads.js';

/** The figures of one contender in one workload. */
export interface Row {
  readonly workload: WorkloadName;
  readonly size: SizeName;
  readonly contender: ContenderName;
  /** Messages per second. */
  readonly rate: Spread;
  /** Processor time of both processes per message, in microseconds. */
  readonly cpu: Spread;
  /** Its rate in parts of grpc-js's, round by round; undefined where that took no part. */
  readonly toBaseline: Spread | undefined;
  /** The same of the floor's. */
  readonly toFloor: Spread | undefined;
  /** In bytes. */
  readonly peakMemory: Sides<number>;
}

/** The rows of a workload, in the order of its contenders. */
export function rowsOf(result: RateResult): Row[] {
  const { workload, size, runs } = result;
  return Object.entries(runs).map(([name, { samples, peakMemory }]) => {
    const contender = name as ContenderName;
    return {
      workload,
      size,
      contender,
      rate: spread(samples.map(rateOf)),
      cpu: spread(samples.map((run) => run.cpuMicroseconds / run.messages)),
      toBaseline: ratioOf(result, contender, BASELINE),
      toFloor: ratioOf(result, contender, FLOOR),
      peakMemory,
    };
  });
}

/** How many times as fast a contender was as another, round by round; undefined if one is missing. */
export function ratioOf(
  { runs }: RateResult,
  contender: ContenderName,
  against: ContenderName,
): Spread | undefined {
  const others = runs[against]?.samples;
  const ours = runs[contender]?.samples;
  if (ours === undefined || others === undefined) return undefined;
  return spread(ours.map((run, round) => rateOf(run) / rateOf(others[round] as Sample)));
}

function rateOf({ messages, milliseconds }: Sample): number {
  return (messages / milliseconds) * 1_000;
}
