// One side of one contender, in a process of its own: answers the questions of the parent.

import type { Caller, Contender } from './contender.js';
import { CONTENDERS } from './contenders/index.js';
import { runChecked, type WorkloadName } from './workloads.js';

/** What the parent may ask. */
export interface Questions {
  /** Starts the server; gives its port. */
  serve(contender: string): Promise<number>;
  /** Makes a client of the server on this port. */
  connect(contender: string, port: number): Promise<void>;
  /** Runs a workload; gives the milliseconds it took. */
  run(workload: WorkloadName, count: number): Promise<number>;
  /** The processor time used so far, in microseconds. */
  cpu(): Promise<number>;
}

let caller: Caller | undefined;

const answers: Questions = {
  async serve(contender) {
    const { port } = await (await load(contender)).serve();
    return port;
  },
  async connect(contender, port) {
    caller = await (await load(contender)).connect(port);
  },
  async run(workload, count) {
    if (caller === undefined) throw new Error('run before connect');
    const start = performance.now();
    await runChecked(workload, caller, count);
    return performance.now() - start;
  },
  async cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
};

async function load(name: string): Promise<Contender> {
  const found = CONTENDERS[name];
  if (found === undefined) throw new Error(`no contender ${name}`);
  return await found();
}

process.on('message', (asked: { id: number; name: keyof Questions; args: never[] }) => {
  const { id, name, args } = asked;
  const answer = answers[name] as (...args: never[]) => Promise<unknown>;
  answer(...args).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.once('disconnect', () => process.exit());
