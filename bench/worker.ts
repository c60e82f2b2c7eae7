// One side of one contender, in a process of its own: answers the questions of the parent.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Caller } from './contender.js';
import { CONTENDERS, type ContenderName } from './contenders/index.js';
import { churn, IdleStreams } from './memory.js';
import type { SizeName } from './notes.js';
import { checkShipped } from './what-ships.js';
import { checkTally, type Outcome, WORKLOADS, type WorkloadName } from './workloads.js';

/** What the parent may ask. */
export interface Questions {
  /** Starts the server; gives its port. */
  serve(contender: ContenderName): Promise<number>;
  /** Makes a client of the server on this port. */
  connect(contender: ContenderName, port: number): Promise<void>;
  /** Runs a workload, and sees that it lost nothing. */
  run(workload: WorkloadName, size: SizeName, count: number): Promise<Run>;
  /** The processor time used so far, user and system, in microseconds. */
  cpu(): Promise<number>;
  /** The most memory that this process has ever had, in bytes. */
  peakMemory(): Promise<number>;
  /** What it has now, garbage aside, in bytes. */
  memory(): Promise<Memory>;
  openIdle(count: number): Promise<void>;
  useIdle(): Promise<void>;
  endIdle(): Promise<void>;
  churn(count: number): Promise<void>;
}

/** What a run took on the client's side. */
export interface Run {
  readonly milliseconds: number;
  readonly cpuMicroseconds: number;
}

/** Memory in bytes: JavaScript's heap, and all of the process. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}

let caller: Caller | undefined;
const idle = new IdleStreams();

const answers: Questions = {
  async serve(contender) {
    const { port } = await (await CONTENDERS[contender]()).serve();
    return port;
  },
  async connect(contender, port) {
    caller = await (await CONTENDERS[contender]()).connect(port);
  },
  async run(workload, size, count) {
    const cpuBefore = cpuTime();
    const start = performance.now();
    const outcome: Outcome = await WORKLOADS[workload](connected(), count, size);
    const { milliseconds = performance.now() - start } = outcome;
    const cpuMicroseconds = cpuTime() - cpuBefore;
    checkTally(workload, count, size, outcome);
    return { milliseconds, cpuMicroseconds };
  },
  cpu: async () => cpuTime(),
  peakMemory: async () => process.resourceUsage().maxRSS * 1_024,
  async memory() {
    await collectGarbage();
    const { heapUsed, rss } = process.memoryUsage();
    return { heap: heapUsed, resident: rss };
  },
  openIdle: (count) => idle.open(connected(), count),
  useIdle: () => idle.use(),
  endIdle: () => idle.end(),
  churn: (count) => churn(connected(), count),
};

function connected(): Caller {
  if (caller === undefined) throw new Error('there is no client yet');
  return caller;
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Several times, with turns of the event loop between: what ends there is garbage after it. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 4; i += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

checkShipped();
process.on('message', (asked: { id: number; name: keyof Questions; args: never[] }) => {
  const { id, name, args } = asked;
  const answer = answers[name] as (...args: never[]) => Promise<unknown>;
  answer(...args).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.once('disconnect', () => process.exit());
