import type { ContenderName } from './contenders/index.js';
import type { SizeName } from './notes.js';
import type { Memory } from './worker.js';
import { WorkerProcess } from './worker-process.js';
import type { WorkloadName } from './workloads.js';

/** One run of one workload. */
export interface Sample {
  readonly messages: number;
  readonly milliseconds: number;
  /** User and system time of both processes. */
  readonly cpuMicroseconds: number;
}

/** A value for each process. */
export interface Sides<T> {
  readonly server: T;
  readonly client: T;
}

/** Milliseconds that a question may take which a whole run depends on. */
const LIMIT = 600_000;

/** A contender with its two processes. */
export class Entrant {
  readonly name: ContenderName;
  readonly #server: WorkerProcess;
  readonly #client: WorkerProcess;

  /** @param nodeOptions - such as `--cpu-prof` */
  constructor(name: ContenderName, nodeOptions: readonly string[]) {
    this.name = name;
    this.#server = new WorkerProcess(`${name} server`, nodeOptions);
    this.#client = new WorkerProcess(`${name} client`, nodeOptions);
  }

  async start(): Promise<void> {
    const port = await this.#server.ask('serve', [this.name], LIMIT);
    await this.#client.ask('connect', [this.name, port], LIMIT);
  }

  async run(workload: WorkloadName, size: SizeName, messages: number): Promise<Sample> {
    const before = await this.#server.ask('cpu', []);
    const run = await this.#client.ask('run', [workload, size, messages], LIMIT);
    const server = (await this.#server.ask('cpu', [])) - before;
    const { milliseconds, cpuMicroseconds } = run;
    return { messages, milliseconds, cpuMicroseconds: cpuMicroseconds + server };
  }

  peakMemory(): Promise<Sides<number>> {
    return this.#both((process) => process.ask('peakMemory', []));
  }

  memory(): Promise<Sides<Memory>> {
    return this.#both((process) => process.ask('memory', []));
  }

  /** Opens streams that stay open. */
  openIdle(count: number): Promise<void> {
    return this.#client.ask('openIdle', [count], LIMIT);
  }

  /** Sends a note over each of them; rejects unless all come back. */
  useIdle(): Promise<void> {
    return this.#client.ask('useIdle', [], LIMIT);
  }

  endIdle(): Promise<void> {
    return this.#client.ask('endIdle', [], LIMIT);
  }

  churn(count: number): Promise<void> {
    return this.#client.ask('churn', [count], LIMIT);
  }

  async stop(): Promise<void> {
    await this.#client.stop();
    await this.#server.stop();
  }

  async #both<T>(ask: (process: WorkerProcess) => Promise<T>): Promise<Sides<T>> {
    const [server, client] = await Promise.all([ask(this.#server), ask(this.#client)]);
    return { server, client };
  }
}
