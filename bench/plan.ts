import { CONTENDERS, type ContenderName } from './contenders/index.js';
import type { SizeName } from './notes.js';
import type { WorkloadName } from './workloads.js';

/** A workload to be timed, with the contenders that take turns at it. */
export interface RateCase {
  readonly workload: WorkloadName;
  readonly size: SizeName;
  readonly contenders: readonly ContenderName[];
}

/** What is measured of memory: see `memory-runner.ts`. */
export type MemoryName = 'idle-streams' | 'churn';

/** Memory to be measured, of one contender after the other. */
export interface MemoryCase {
  readonly memory: MemoryName;
  readonly contenders: readonly ContenderName[];
}

export type Case = RateCase | MemoryCase;
export type CaseName = WorkloadName | MemoryName;

/** What somebody asked for; everything that the plan has where it is undefined. */
export interface Choice {
  readonly only?: readonly CaseName[] | undefined;
  readonly contenders?: readonly ContenderName[] | undefined;
  readonly sizes?: readonly SizeName[] | undefined;
  /** Only what is in the quick plan, where nothing was asked for. */
  readonly quick?: boolean | undefined;
}

interface Plan {
  readonly sizes?: readonly SizeName[];
  readonly contenders: readonly ContenderName[];
  readonly quick?: true;
}

const FLOORED = ['grpc-js', 'tributary-grpc', 'tributary-http2', 'floor'] as const;
const ALL = [...FLOORED, 'nice-grpc', 'connect-node'] as const;
const OURS = ['tributary-grpc', 'tributary-http2'] as const;
const READERS = [
  'tributary-grpc-read',
  'tributary-grpc-timed',
  'tributary-http2-read',
  'tributary-http2-timed',
] as const;
const EACH_SIZE = ['110b', '1kb', '64kb'] as const;
const SMALL = ['110b'] as const;

/** What `npm run bench` measures without further words. */
const PLANS: { readonly [Name in WorkloadName]: Plan & { sizes: readonly SizeName[] } } & {
  readonly [Name in MemoryName]: Plan;
} = {
  'server-streaming': { sizes: EACH_SIZE, contenders: ALL, quick: true },
  'client-streaming': { sizes: EACH_SIZE, contenders: ALL, quick: true },
  'bidi-echo': { sizes: EACH_SIZE, contenders: ALL, quick: true },
  'bidi-echo-100': { sizes: SMALL, contenders: ALL, quick: true },
  'ping-pong': { sizes: SMALL, contenders: ALL, quick: true },
  'unary-1': { sizes: SMALL, contenders: ALL, quick: true },
  'unary-64': { sizes: SMALL, contenders: ALL, quick: true },
  'first-message': { sizes: SMALL, contenders: ALL },
  reads: { sizes: SMALL, contenders: READERS },
  'idle-streams': { contenders: ALL },
  churn: { contenders: OURS },
};

/** Every name that `--only` takes. */
export const CASE_NAMES = Object.keys(PLANS) as CaseName[];

/** The cases of a choice, in the order of the plan. */
export function planCases({ only, contenders, sizes, quick }: Choice): Case[] {
  return CASE_NAMES.flatMap((name): Case[] => {
    const plan: Plan = PLANS[name];
    if (only === undefined ? quick === true && plan.quick !== true : !only.includes(name))
      return [];
    const entrants = entrantsOf(name, plan, contenders, quick === true);
    if (entrants.length === 0) return [];
    if (isMemory(name)) return [{ memory: name, contenders: entrants }];
    const planned = quick === true ? SMALL : PLANS[name].sizes;
    return (sizes ?? planned).map((size) => ({ workload: name, size, contenders: entrants }));
  });
}

function isMemory(name: CaseName): name is MemoryName {
  return name === 'idle-streams' || name === 'churn';
}

function entrantsOf(
  name: CaseName,
  plan: Plan,
  asked: readonly ContenderName[] | undefined,
  quick: boolean,
): readonly ContenderName[] {
  if (asked === undefined) return quick ? plan.contenders.filter(isFloored) : plan.contenders;
  // Those that differ in how they read differ nowhere else.
  const all = Object.keys(CONTENDERS) as ContenderName[];
  return all.filter((each) => asked.includes(each) && isReader(each) === (name === 'reads'));
}

function isReader(name: ContenderName): boolean {
  return (READERS as readonly ContenderName[]).includes(name);
}

function isFloored(name: ContenderName): boolean {
  return isReader(name) || (FLOORED as readonly ContenderName[]).includes(name);
}
