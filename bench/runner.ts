import type { Options } from './options.js';
import { WorkerProcess } from './worker-process.js';
import type { WorkloadName } from './workloads.js';

/** One run of one workload. */
export interface Sample {
  readonly messages: number;
  readonly milliseconds: number;
  /** User and system time of both processes. */
  readonly cpuMicroseconds: number;
}

/** All samples of a workload, by contender, in the order of the rounds. */
export interface Result {
  readonly workload: WorkloadName;
  readonly samples: { readonly [contender: string]: readonly Sample[] };
}

/** A first run has this many messages; each further one is made to take the wanted time. */
const FIRST_COUNT = 500;

/**
 * Runs every workload with every contender, the contenders taking turns round by round so that
 * whatever else the machine does hits all of them alike. Each contender keeps its two processes,
 * a server's and a client's, for one workload; warm-up runs find out how many messages a run needs.
 */
export async function* run(options: Options): AsyncGenerator<Result> {
  for (const workload of options.workloads) {
    const entrants = options.contenders.map((name) => new Entrant(name, workload, options));
    try {
      for (const entrant of entrants) await entrant.warmUp();
      const samples = Object.fromEntries(
        options.contenders.map((name): [string, Sample[]] => [name, []]),
      );
      for (let round = 0; round < options.rounds; round += 1) {
        for (const entrant of entrants) samples[entrant.name]!.push(await entrant.measure());
      }
      yield { workload, samples };
    } finally {
      await Promise.all(entrants.map((entrant) => entrant.stop()));
    }
  }
}

class Entrant {
  readonly name: string;
  readonly #workload: WorkloadName;
  readonly #wanted: number;
  readonly #server: WorkerProcess;
  readonly #client: WorkerProcess;
  #count = FIRST_COUNT;

  constructor(name: string, workload: WorkloadName, options: Options) {
    this.name = name;
    this.#workload = workload;
    this.#wanted = options.milliseconds;
    this.#server = new WorkerProcess(`${name} server`, options.nodeOptions);
    this.#client = new WorkerProcess(`${name} client`, options.nodeOptions);
  }

  async warmUp(): Promise<void> {
    const port = await this.#server.ask('serve', [this.name]);
    await this.#client.ask('connect', [this.name, port]);
    const end = performance.now() + this.#wanted;
    do {
      const { messages, milliseconds } = await this.measure();
      const perMessage = milliseconds / messages;
      // Cold code is slow: the count may grow tenfold at most from one run to the next.
      this.#count = Math.ceil(Math.min(this.#wanted / perMessage, messages * 10));
    } while (performance.now() < end);
  }

  async measure(): Promise<Sample> {
    const messages = this.#count;
    const before = await this.#cpu();
    const limit = 10 * this.#wanted + 10_000;
    const milliseconds = await this.#client.ask('run', [this.#workload, messages], limit);
    return { messages, milliseconds, cpuMicroseconds: (await this.#cpu()) - before };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#client.stop(), this.#server.stop()]);
  }

  async #cpu(): Promise<number> {
    const [server, client] = await Promise.all([
      this.#server.ask('cpu', []),
      this.#client.ask('cpu', []),
    ]);
    return server + client;
  }
}
