import type { ContenderName } from '../../bench/contenders/index.js';
import type { MemoryResult } from '../../bench/memory-runner.js';
import type { RateResult, Runs } from '../../bench/rate-runner.js';

/** Results of a run that never was: rates in messages a second, a value each round. */
export function rateResult(
  rates: {
    readonly [Name in ContenderName]?: readonly number[];
  },
): RateResult {
  const runs: { [Name in ContenderName]?: Runs } = {};
  for (const [name, values] of Object.entries(rates)) {
    runs[name as ContenderName] = {
      samples: values.map((rate) => ({
        messages: rate / 2,
        milliseconds: 500,
        cpuMicroseconds: rate,
      })),
      peakMemory: { server: 120e6, client: 90e6 },
    };
  }
  return { workload: 'server-streaming', size: '110b', runs };
}

/** Growth of the heaps, in bytes a stream. */
export function memoryResult(
  contender: ContenderName,
  server: number,
  client: number,
): MemoryResult {
  const streams = 10_000;
  return {
    memory: 'idle-streams',
    contender,
    streams,
    grown: {
      server: { heap: server * streams, resident: 2 * server * streams },
      client: { heap: client * streams, resident: 2 * client * streams },
    },
  };
}
