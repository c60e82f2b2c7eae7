import { parseArgs } from 'node:util';
import { CONTENDERS, type ContenderName } from './contenders/index.js';
import { SIZES, type SizeName } from './notes.js';
import { CASE_NAMES, type Case, planCases } from './plan.js';

/** What to run, and how long. */
export interface Options {
  readonly cases: readonly Case[];
  readonly rounds: number;
  /** How long one run is made to take. */
  readonly milliseconds: number;
  /** Whether the processes of a contender serve for all cases, instead of for one. */
  readonly keepProcesses: boolean;
  /** For the processes that are measured. */
  readonly nodeOptions: readonly string[];
  /** Where to write the figures to, besides the table. */
  readonly json: string | undefined;
  /** Where to draw the chart. */
  readonly svg: string | undefined;
}

const CONTENDER_NAMES = Object.keys(CONTENDERS) as ContenderName[];
const SIZE_NAMES = Object.keys(SIZES) as SizeName[];

export const USAGE = `npm run bench -- [options]
  --quick               under a minute: 3 rounds of 0.2 s instead of 5 of 1.5 s, small messages,
                        fewer contenders
  --only <case>         ${listed(CASE_NAMES)}; may be repeated
  --contender <name>    ${listed(CONTENDER_NAMES)}; may be repeated
  --size <size>         ${listed(SIZE_NAMES)}; may be repeated
  --rounds <n>          how often each contender takes its turn
  --seconds <s>         how long a turn is
  --json <file>         writes every sample, figure and verdict to a file
  --svg <file>          draws the rates of small messages
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
      size: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      json: { type: 'string' },
      svg: { type: 'string' },
      'cpu-prof': { type: 'string' },
    },
  });
  if (values.help === true) return 'help';
  const quick = values.quick === true;
  const cases = planCases({
    only: chosen('case', values.only, CASE_NAMES),
    contenders: chosen('contender', values.contender, CONTENDER_NAMES),
    sizes: chosen('size', values.size, SIZE_NAMES),
    quick,
  });
  if (cases.length === 0) throw new Error('no contender that was asked for takes part in any case');
  const profiles = values['cpu-prof'];
  return {
    cases,
    rounds: whole('rounds', values.rounds ?? (quick ? '3' : '5')),
    milliseconds: 1_000 * positive('seconds', values.seconds ?? (quick ? '0.2' : '1.5')),
    keepProcesses: quick,
    nodeOptions: profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
    json: values.json,
    svg: values.svg,
  };
}

function chosen<Name extends string>(
  what: string,
  asked: readonly string[] | undefined,
  all: readonly Name[],
): readonly Name[] | undefined {
  for (const name of asked ?? []) {
    if (!(all as readonly string[]).includes(name)) {
      throw new Error(`no ${what} '${name}'; there are ${all.join(', ')}`);
    }
  }
  return asked === undefined ? undefined : all.filter((name) => asked.includes(name));
}

function whole(what: string, text: string): number {
  const value = positive(what, text);
  if (!Number.isInteger(value)) throw new Error(`--${what} must be a whole number, got '${text}'`);
  return value;
}

function positive(what: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new Error(`--${what} must be a number above 0, got '${text}'`);
}

/** Names in lines that fit beside the options. */
function listed(names: readonly string[]): string {
  const lines: string[] = [''];
  for (const name of names) {
    const last = lines.at(-1) as string;
    if (last.length + name.length > 70) lines.push(name);
    else lines[lines.length - 1] = last === '' ? name : `${last}, ${name}`;
  }
  return lines.join(`,\n${' '.repeat(24)}`);
}
