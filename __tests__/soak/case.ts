import { type Client, connect, type Stub } from 'tributary';
import type { Moment } from './moment.js';
import type { Soak } from './service.js';
import { TRANSPORTS, type TransportName } from './transports.js';

export type SoakStub = Stub<(typeof Soak)['methods']>;

/** What a case has to work with. */
export interface Setting {
  readonly transport: TransportName;
  readonly address: string;
  /** Of what there is to do, which part is to be done. */
  readonly part: number;
  /** When it must stop, as `performance.now()` has it. */
  readonly until: number;
  /** What this process and the server's hold now. */
  sample(): Promise<Moment>;
  /** Takes the sample for the plot, too. */
  record(moment: Moment): void;
}

/** What came of a case. */
export interface Outcome {
  /** How many of its things were done. */
  readonly done: number;
  /** How many there were to do; undefined for as many as the time allows. */
  readonly planned?: number;
  /** What went wrong, a line each. */
  readonly failures: readonly string[];
  /** What else is worth telling. */
  readonly note?: string;
  /** Whether both heaps must be where they were before. */
  readonly leavesHeap?: boolean;
}

/** One thing to try for long. */
export interface Case {
  readonly name: string;
  /** Its share of the time; what others leave goes to those behind. */
  readonly share: number;
  run(setting: Setting): Promise<Outcome>;
}

/** A client with connections of its own. */
export function ownClient({ transport, address }: Setting): Client {
  return connect(address, { transport: TRANSPORTS[transport](), ownConnections: true });
}

/** Failures, counted and told once each. */
export class Failures {
  readonly #counts = new Map<string, number>();

  add(thrown: unknown): void {
    const words = String(thrown);
    this.#counts.set(words, (this.#counts.get(words) ?? 0) + 1);
  }

  get lines(): string[] {
    return [...this.#counts].map(([words, count]) => `${count}× ${words}`);
  }
}

/**
 * Does `all` things, or the part of them that is to be done, `concurrency` at a time, until the time
 * is over; a failure is noted and no reason to stop.
 */
export async function repeat(
  { until, part }: Setting,
  all: number,
  concurrency: number,
  act: (i: number) => Promise<void>,
): Promise<Outcome> {
  const count = Math.ceil(all * part);
  const failures = new Failures();
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (next < count && performance.now() < until) {
      const i = next;
      next += 1;
      await act(i).catch((thrown: unknown) => failures.add(thrown));
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { done, planned: count, failures: failures.lines };
}
