import { parseArgs } from 'node:util';
import { BASELINE, CONTENDERS } from './contenders/index.js';
import { WORKLOADS, type WorkloadName } from './workloads.js';

/** What to run, and how long. */
export interface Options {
  readonly workloads: readonly WorkloadName[];
  /** The baseline is always among them, and first. */
  readonly contenders: readonly string[];
  readonly rounds: number;
  /** How long one run is made to take. */
  readonly milliseconds: number;
  /** For the processes that are measured. */
  readonly nodeOptions: readonly string[];
  /** Where to write the figures to, besides the table. */
  readonly json: string | undefined;
}

export const USAGE = `npm run bench -- [options]
  --quick               3 rounds of 0.4 s instead of 5 of 1.5 s
  --only <workload>     ${Object.keys(WORKLOADS).join(', ')}; may be repeated
  --contender <name>    ${Object.keys(CONTENDERS).join(', ')}; may be repeated
  --rounds <n>          how often each contender takes its turn
  --seconds <s>         how long a turn is
  --json <file>         writes every sample to a file
  --cpu-prof <dir>      writes a CPU profile of each process`;

/** Reads the command line; throws an Error that says what is wrong with it. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      quick: { type: 'boolean' },
      only: { type: 'string', multiple: true },
      contender: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      json: { type: 'string' },
      'cpu-prof': { type: 'string' },
    },
  });
  if (values.help === true) return 'help';
  const quick = values.quick === true;
  const contenders = chosen('contender', values.contender, Object.keys(CONTENDERS));
  const profiles = values['cpu-prof'];
  return {
    workloads: chosen('workload', values.only, Object.keys(WORKLOADS) as WorkloadName[]),
    contenders: [BASELINE, ...contenders.filter((name) => name !== BASELINE)],
    rounds: positive('rounds', values.rounds ?? (quick ? '3' : '5')),
    milliseconds: 1_000 * positive('seconds', values.seconds ?? (quick ? '0.4' : '1.5')),
    nodeOptions: profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
    json: values.json,
  };
}

function chosen<Name extends string>(
  what: string,
  asked: readonly string[] | undefined,
  all: readonly Name[],
): readonly Name[] {
  for (const name of asked ?? []) {
    if (!(all as readonly string[]).includes(name)) {
      throw new Error(`no ${what} '${name}'; there are ${all.join(', ')}`);
    }
  }
  return asked === undefined ? all : all.filter((name) => asked.includes(name));
}

function positive(what: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${what} must be a number above 0, got '${text}'`);
  return value;
}
