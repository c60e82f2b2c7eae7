import type { Caller } from './contender.js';
import { expectedTally, noteMaker, type SizeName, Tally, type TallyOf } from './notes.js';

/** What a run has moved, and how long it took where only a part of it counts. */
export interface Outcome {
  readonly tally: TallyOf;
  readonly milliseconds?: number;
}

/** Something to measure: sends `count` notes and gives the tally of what came through. */
export type Workload = (caller: Caller, count: number, size: SizeName) => Promise<Outcome>;

/** How many streams are open at a time in `bidi-echo-100`. */
const STREAMS = 100;

/** The workloads by the names that `--only` takes. */
export const WORKLOADS = {
  /** One stream from server to client. */
  'server-streaming': produce,

  /** One stream from client to server, which counts. */
  async 'client-streaming'(caller, count, size) {
    return { tally: await caller.collect(count, size) };
  },

  /** One stream each way at once: every note comes back. */
  async 'bidi-echo'(caller, count, size) {
    const tally = new Tally();
    await caller.echo(count, size, tally.add);
    return { tally };
  },

  /** The same over a hundred streams at a time, which share the notes. */
  async 'bidi-echo-100'(caller, count, size) {
    const tallies = sharesOf(count).map(async (share) => {
      const tally = new Tally();
      await caller.echo(share, size, tally.add);
      return tally;
    });
    return { tally: sumOf(await Promise.all(tallies)) };
  },

  /** One stream each way; a note is sent when the last one has come back. */
  async 'ping-pong'(caller, count, size) {
    const tally = new Tally();
    const makeNote = noteMaker(size);
    const chat = caller.chat();
    for (let i = 0; i < count; i += 1) tally.add(await chat.exchange(makeNote(i)));
    await chat.end();
    return { tally };
  },

  /** Calls, one after the other. */
  'unary-1': (caller, count, size) => unary(caller, count, size, 1),

  /** Calls, 64 open at a time. */
  'unary-64': (caller, count, size) => unary(caller, count, size, 64),

  /** A stream for each note; only the time from opening it to the note that comes back counts. */
  async 'first-message'(caller, count, size) {
    const tally = new Tally();
    const makeNote = noteMaker(size);
    let milliseconds = 0;
    for (let i = 0; i < count; i += 1) {
      const note = makeNote(i);
      const start = performance.now();
      const chat = caller.chat();
      tally.add(await chat.exchange(note));
      milliseconds += performance.now() - start;
      await chat.end();
    }
    return { tally, milliseconds };
  },

  /** One stream from server to client, for contenders that differ in how they read. */
  reads: produce,
} satisfies { [name: string]: Workload };

export type WorkloadName = keyof typeof WORKLOADS;

/** Throws unless every note of the workload came through once. */
export function checkTally(
  name: WorkloadName,
  count: number,
  size: SizeName,
  { tally }: Outcome,
): void {
  const shares = name === 'bidi-echo-100' ? sharesOf(count) : [count];
  const expected = sumOf(shares.map((share) => expectedTally(share, size)));
  for (const key of ['count', 'characters', 'sequences'] as const) {
    if (tally[key] !== expected[key]) {
      throw new Error(`${name}: ${key} should be ${expected[key]} and came out as ${tally[key]}`);
    }
  }
}

async function produce(caller: Caller, count: number, size: SizeName): Promise<Outcome> {
  const tally = new Tally();
  await caller.produce(count, size, tally.add);
  return { tally };
}

async function unary(
  caller: Caller,
  count: number,
  size: SizeName,
  concurrency: number,
): Promise<Outcome> {
  const tally = new Tally();
  const makeNote = noteMaker(size);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      tally.add(await caller.answer(makeNote(next - 1)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { tally };
}

/** How many notes each of the streams carries. */
function sharesOf(count: number): number[] {
  const share = Math.floor(count / STREAMS);
  return Array.from({ length: STREAMS }, (_, i) => share + (i < count % STREAMS ? 1 : 0));
}

function sumOf(tallies: readonly TallyOf[]): TallyOf {
  return tallies.reduce((sum, { count, characters, sequences }) => ({
    count: sum.count + count,
    characters: sum.characters + characters,
    sequences: (sum.sequences + sequences) >>> 0,
  }));
}
