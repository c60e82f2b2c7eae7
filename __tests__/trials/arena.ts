import type { CallContext } from 'tributary';
import { type Rig, rig, turns, within } from '../stories/harness.js';
import { callTrial } from './call-trial.js';
import { trialHandlers } from './handle-trial.js';
import type { Program } from './program.js';
import { Trial } from './trial.js';
import { faultsOf, type TrialTransport } from './verdict.js';

/** Milliseconds that programs may take on a busy machine; they take a hundredth of it. */
const LIMIT = 6_000;

/** A server with usual buffers and one with small ones, each with a client that can be cut off. */
export class Arena {
  readonly #transport: TrialTransport;
  readonly #roomy: Rig;
  readonly #tight: Rig;
  readonly #trials: Map<string, Trial>;
  readonly #strays: string[];
  #count = 0;

  private constructor(
    transport: TrialTransport,
    roomy: Rig,
    tight: Rig,
    trials: Map<string, Trial>,
    strays: string[],
  ) {
    this.#transport = transport;
    this.#roomy = roomy;
    this.#tight = tight;
    this.#trials = trials;
    this.#strays = strays;
  }

  static async open(transport: TrialTransport): Promise<Arena> {
    const trials = new Map<string, Trial>();
    const strays: string[] = [];
    const handlers = trialHandlers((ctx) => find(ctx, trials, strays));
    const client = { reconnectBackoff: { initial: 100, max: 100 } };
    const roomy = await rig(transport, handlers, { cuttable: true, client });
    const small = { highWaterMark: 100, maxBufferedBytes: 1_000, prefetchBytes: 64 };
    const tight = await rig(transport, handlers, { cuttable: true, client, ...small });
    return new Arena(transport, roomy, tight, trials, strays);
  }

  /** Runs the programs side by side; what is wrong with how they went. */
  async run(programs: readonly Program[]): Promise<string[]> {
    const trials = programs.map((program) => this.#add(program));
    const cut = new Set<Rig>();
    const calls = trials.map((trial) => this.#call(trial, cut, trials.length === 1));
    const faults: string[] = [];
    await within(LIMIT, Promise.all(calls), 'the calls').catch((error: unknown) => {
      faults.push(String(error));
    });
    for (const each of [this.#roomy, this.#tight]) await answers(each, cut.has(each), faults);
    await settle(trials);
    faults.push(...this.#takeErrors(trials), ...this.#strays.splice(0));
    for (const trial of trials) {
      const wasCut = cut.has(this.#rigOf(trial));
      faults.push(...faultsOf(trial, { transport: this.#transport, wasCut }));
      this.#trials.delete(trial.id);
    }
    return faults;
  }

  #add(program: Program): Trial {
    this.#count += 1;
    const trial = new Trial(String(this.#count), program);
    this.#trials.set(trial.id, trial);
    return trial;
  }

  #call(trial: Trial, cut: Set<Rig>, isAlone: boolean): Promise<void> {
    const its = this.#rigOf(trial);
    return callTrial(trial, {
      stub: its.stub,
      isAlone,
      cut: () => {
        cut.add(its);
        its.cut();
      },
      probe: () => probe(its),
    });
  }

  #rigOf({ program }: Trial): Rig {
    return program.server.isTight ? this.#tight : this.#roomy;
  }

  /** Gives each trial what `onError` heard of it; the rest is nobody's. */
  #takeErrors(trials: readonly Trial[]): string[] {
    const errors = [...this.#roomy.takeErrors(), ...this.#tight.takeErrors()];
    const rest = errors.filter((error) => {
      const trial = trials.find(({ thrown }) => thrown === error);
      trial?.errors.push(error);
      return trial === undefined;
    });
    return rest.map((error) => `onError heard ${String(error)}, which no handler threw`);
  }
}

function find(ctx: CallContext, trials: Map<string, Trial>, strays: string[]): Trial {
  const [id] = ctx.metadata.get('trial');
  const trial = trials.get(String(id));
  if (trial !== undefined) return trial;
  strays.push(`a call of trial ${String(id)} came when that was over`);
  throw new Error('nobody waits for this call');
}

async function probe({ stub }: Rig): Promise<void> {
  await stub.unary({ n: 7 }, { timeout: LIMIT, waitForReady: true }).catch(() => {});
}

/** A call is answered on this connection or, if that was cut, on the next. */
async function answers({ stub }: Rig, wasCut: boolean, faults: string[]): Promise<void> {
  for (let attempts = wasCut ? 20 : 1; attempts > 0; attempts -= 1) {
    try {
      await stub.unary({ n: 7 }, { timeout: LIMIT, waitForReady: true });
      return;
    } catch (error) {
      if (attempts === 1) faults.push(`a later call failed: ${String(error)}`);
      await turns(3);
    }
  }
}

/** Waits until nothing is pending any more, or for long enough. */
async function settle(trials: readonly Trial[]): Promise<void> {
  const isPending = (): boolean => trials.some(({ pending }) => pending.length > 0);
  for (const end = Date.now() + LIMIT; isPending() && Date.now() < end; ) await turns(2);
  await turns(2);
}
