import { pacedCancels, racingCancels } from './cancels.js';
import type { Case, Outcome, Setting } from './case.js';
import { churn } from './churn.js';
import { growth, leftBehind } from './growth.js';
import type { Moment } from './moment.js';
import { takeSample } from './sample.js';
import { SoakServer } from './server.js';
import { idleStreams, openAndClose } from './stream-cases.js';
import type { TransportName } from './transports.js';
import { channelSoak, parallelUnary, rpcSoak } from './unary-cases.js';

/** The last one takes whatever time is left. */
const CASES: readonly Case[] = [
  rpcSoak,
  channelSoak,
  parallelUnary,
  pacedCancels,
  racingCancels,
  openAndClose,
  idleStreams,
  churn,
];

/** A case, and what it left behind. */
export interface Result extends Outcome {
  readonly name: string;
  readonly milliseconds: number;
  readonly before: Moment;
  readonly after: Moment;
}

/** A transport that was soaked. */
export interface Report {
  readonly transport: TransportName;
  readonly results: readonly Result[];
  /** Samples in the course of the run. */
  readonly moments: readonly Moment[];
  /** Why the run has failed; none if it has not. */
  readonly faults: readonly string[];
}

/** Milliseconds that both processes get to let go of what a case has opened. */
const REST = 300;

/** Runs all cases over one transport. */
export async function soak(transport: TransportName, milliseconds: number): Promise<Report> {
  await using server = await SoakServer.start(transport);
  const began = performance.now();
  const moments: Moment[] = [];
  const ofChurn: Moment[] = [];
  const sample = async (): Promise<Moment> => {
    const [client, ofServer] = await Promise.all([takeSample(), server.sample()]);
    return { at: performance.now() - began, client, server: ofServer };
  };
  const rested = async (): Promise<Moment> => {
    await new Promise((resolve) => setTimeout(resolve, REST));
    return await sample();
  };
  const results: Result[] = [];
  for (const each of CASES) {
    const begins = performance.now();
    const left = milliseconds - (begins - began);
    const record = (moment: Moment): void => {
      moments.push(moment);
      if (each === churn) ofChurn.push(moment);
    };
    const setting: Setting = {
      transport,
      address: server.address,
      part: Math.min(milliseconds / FULL, 1),
      until: begins + left * each.share,
      sample,
      record,
    };
    // What a first call loads and compiles is no growth.
    await each.run({ ...setting, until: begins + WARM_UP, part: 0.01, record: () => {} });
    const before = await rested();
    const outcome = await each.run(setting);
    const after = await rested();
    moments.push(after);
    const took = after.at - before.at;
    results.push({ ...outcome, name: each.name, milliseconds: took, before, after });
  }
  return { transport, results, moments, faults: faultsOf(results, ofChurn) };
}

/** Milliseconds that a case may take to load and compile what it needs. */
const WARM_UP = 500;

/** Milliseconds in which all of everything can be done; in less, a part of it. */
const FULL = 120_000;

function faultsOf(results: readonly Result[], ofChurn: readonly Moment[]): string[] {
  return [
    ...results.flatMap((result) => {
      const { name, done, failures, leavesHeap, before, after } = result;
      const left = leavesHeap === true ? leftBehind(before, after) : [];
      const nothing = done === 0 ? ['nothing was done'] : [];
      return [...nothing, ...failures, ...left].map((fault) => `${name}: ${fault}`);
    }),
    ...growth(ofChurn).map((fault) => `${churn.name}: ${fault}`),
  ];
}
