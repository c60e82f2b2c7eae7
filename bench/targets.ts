import type { ContenderName } from './contenders/index.js';
import type { SizeName } from './notes.js';
import type { MemoryName } from './plan.js';
import type { WorkloadName } from './workloads.js';

/** A rate to reach, in parts of another contender's. */
export interface RateTarget {
  readonly workload: WorkloadName;
  readonly size: SizeName;
  readonly contender: ContenderName;
  readonly against: ContenderName;
  readonly atLeast: number;
}

/** Heap that a process may have more of, per stream, in bytes. */
export interface MemoryTarget {
  readonly memory: MemoryName;
  readonly contender: ContenderName;
  readonly atMost: number;
}

export type Target = RateTarget | MemoryTarget;

type Ratios = readonly [grpc: number, http2: number, floor: number | undefined];

/** grpc ÷ grpc-js, http2 ÷ grpc-js, http2 ÷ floor. */
const RATIOS: readonly (readonly [WorkloadName, SizeName, Ratios])[] = [
  ['server-streaming', '110b', [2, 5, 0.7]],
  ['client-streaming', '110b', [3, 6, 0.7]],
  ['bidi-echo', '110b', [3, 5, 0.7]],
  ['bidi-echo-100', '110b', [1.5, 2, 0.6]],
  ['ping-pong', '110b', [0.95, 1, 0.8]],
  ['unary-1', '110b', [0.95, 1.3, undefined]],
  ['unary-64', '110b', [0.95, 1.3, undefined]],
  ['server-streaming', '64kb', [1, 1.2, 0.8]],
  ['client-streaming', '64kb', [1, 1.2, 0.8]],
  ['bidi-echo', '64kb', [1, 1.2, 0.8]],
  ['first-message', '110b', [1, 1, undefined]],
];

/** A read with a timeout may cost half as much again as one without. */
const TIMED_READ = 1 / 1.5;

/** An open stream that rests, on either side. */
const IDLE_BYTES = 16 * 1_024;

/** What streams that have ended may leave behind, each: a hundred thousand of them a megabyte. */
const LEFT_BYTES = 10;

/** What is wanted of Tributary, on either transport. */
export const TARGETS: readonly Target[] = [
  ...RATIOS.flatMap(([workload, size, [grpc, http2, floor]]): RateTarget[] => [
    { workload, size, contender: 'tributary-grpc', against: 'grpc-js', atLeast: grpc },
    { workload, size, contender: 'tributary-http2', against: 'grpc-js', atLeast: http2 },
    ...(floor === undefined
      ? []
      : [
          {
            workload,
            size,
            contender: 'tributary-http2',
            against: 'floor',
            atLeast: floor,
          } as const,
        ]),
  ]),
  ...(['grpc', 'http2'] as const).flatMap((transport): Target[] => [
    {
      workload: 'reads',
      size: '110b',
      contender: `tributary-${transport}-timed`,
      against: `tributary-${transport}-read`,
      atLeast: TIMED_READ,
    },
    { memory: 'idle-streams', contender: `tributary-${transport}`, atMost: IDLE_BYTES },
    { memory: 'churn', contender: `tributary-${transport}`, atMost: LEFT_BYTES },
  ]),
];
