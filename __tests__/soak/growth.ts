import type { Moment } from './moment.js';
import type { Sample } from './sample.js';

const MB = 2 ** 20;

/** What a heap may differ by from moment to moment, in bytes: caches, compiled code, the samples. */
const SLACK = 4 * MB;
/** And in proportion to what it was. */
const PROPORTION = 0.15;
/** Handles come and go with connections. */
const MORE_HANDLES = 20;
/** With fewer there is no telling. */
const FEWEST = 8;

const SIDES = ['client', 'server'] as const;

/** How much more the heaps hold than before; nothing for what is within the slack. */
export function leftBehind(before: Moment, after: Moment): string[] {
  return SIDES.flatMap((side) => grown(`the ${side}'s heap`, before[side].heap, after[side].heap));
}

/**
 * What has grown in the course of the moments: the last quarter beside the second, by their
 * medians, as the first is when everything is loaded and compiled.
 */
export function growth(moments: readonly Moment[]): string[] {
  if (moments.length < FEWEST) return [];
  const quarter = Math.floor(moments.length / 4);
  const early = moments.slice(quarter, 2 * quarter);
  const late = moments.slice(-quarter);
  return SIDES.flatMap((side) => {
    const of = (some: readonly Moment[], key: keyof Sample): number =>
      median(some.map((moment) => moment[side][key]));
    const handles = [of(early, 'handles'), of(late, 'handles')] as const;
    const more = `the ${side}'s handles grew from ${handles[0]} to ${handles[1]}`;
    return [
      ...grown(`the ${side}'s heap`, of(early, 'heap'), of(late, 'heap')),
      ...(handles[1] > handles[0] + MORE_HANDLES ? [more] : []),
    ];
  });
}

function grown(what: string, before: number, after: number): string[] {
  if (after <= before + Math.max(SLACK, before * PROPORTION)) return [];
  return [`${what} grew from ${megabytes(before)} to ${megabytes(after)} MB`];
}

export function megabytes(bytes: number): string {
  return (bytes / MB).toFixed(1);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
