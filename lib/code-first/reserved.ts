import { describeValue } from '../base/describe-value.js';
import type { Reserved } from './declarations.js';
import { LARGEST_NUMBER } from './field-number.js';
import { IDENTIFIER, protoName } from './proto-name.js';

type Range = readonly [from: number, to: number];

/** Names and numbers that are gone: ranges in order, without overlaps. */
export interface ReservedSet {
  readonly names: readonly string[];
  readonly ranges: readonly Range[];
}

/**
 * Checks a list that was given, and gives it with the names that the `.proto` has.
 *
 * @param range - the numbers that there are: by default those of fields
 * @throws {TypeError | RangeError} naming the type that it belongs to
 */
export function checkReserved(
  owner: string,
  given: unknown,
  range: Range = [1, LARGEST_NUMBER],
): Reserved[] {
  const [least, largest] = range;
  if (!Array.isArray(given)) {
    throw new TypeError(`${owner}: reserved must be a list, got ${describeValue(given)}`);
  }
  return (given as unknown[]).map((entry) => {
    if (typeof entry === 'string' && IDENTIFIER.test(entry)) return protoName(entry) ?? entry;
    const [from, to, ...more] = (Array.isArray(entry) ? entry : [entry, entry]) as unknown[];
    if (!Number.isInteger(from) || !Number.isInteger(to) || more.length > 0) {
      const expected = 'whole numbers, [from, to] and names';
      throw new TypeError(`${owner}: reserved takes ${expected}, got ${describeValue(entry)}`);
    }
    if ((from as number) > (to as number)) {
      throw new RangeError(`${owner}: reserved [${from}, ${to}] is no range`);
    }
    if ((from as number) < least || (to as number) > largest) {
      throw new RangeError(`${owner}: reserved takes ${least} to ${largest}, got ${from} to ${to}`);
    }
    return [from as number, to as number];
  });
}

/** Whether `reserved` has the number or the name. */
export function isReserved(reserved: readonly Reserved[], what: number | string): boolean {
  return reserved.some((entry) => {
    if (typeof what === 'string' || typeof entry === 'string') return entry === what;
    const [from, to] = rangeOf(entry);
    return from <= what && what <= to;
  });
}

/** In order, each thing once, and without what is in use again. */
export function tidyReserved(
  reserved: readonly Reserved[],
  used: ReadonlyMap<string, number>,
): ReservedSet {
  const names = reserved.filter((entry) => typeof entry === 'string');
  let ranges = merge(reserved.filter((entry) => typeof entry !== 'string').map(rangeOf));
  for (const number of used.values()) ranges = ranges.flatMap((range) => without(range, number));
  return { names: [...new Set(names)].filter((name) => !used.has(name)).sort(), ranges };
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last === undefined || from > last[1] + 1) merged.push([from, to]);
    else merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return merged;
}

function without([from, to]: Range, number: number): Range[] {
  if (number < from || number > to) return [[from, to]];
  const parts: Range[] = [
    [from, number - 1],
    [number + 1, to],
  ];
  return parts.filter(([start, end]) => start <= end);
}

function rangeOf(entry: number | Range): Range {
  return typeof entry === 'number' ? [entry, entry] : entry;
}
