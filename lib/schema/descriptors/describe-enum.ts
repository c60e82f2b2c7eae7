import type protobuf from 'protobufjs';
import type { OptionsWriter } from './describe-options.js';
import type { EnumDescriptor, Range } from './descriptor-types.js';

const VISIBILITY = { local: 1, export: 2 } as const;

export function describeEnum(definition: protobuf.Enum, options: OptionsWriter): EnumDescriptor {
  const { name, values, valuesOptions, parent, visibility } = definition;
  return {
    name,
    value: Object.entries(values).map(([value, number]) => ({
      name: value,
      number,
      options: options.written('EnumValueOptions', writtenOf(valuesOptions?.[value]), parent),
    })),
    options: options.of('EnumOptions', definition, parent),
    ...describeReserved(definition.reserved, 0),
    visibility: visibilityOf(visibility),
  };
}

/** What is reserved. @param beyond - 1 where the end of a range is exclusive, 0 where it is not */
export function describeReserved(
  reserved: readonly (readonly number[] | string)[] | undefined,
  beyond: number,
): { reservedRange: Range[]; reservedName: string[] } {
  const all = reserved ?? [];
  return {
    reservedRange: describeRanges(
      all.filter((each) => typeof each !== 'string'),
      beyond,
    ),
    reservedName: all.filter((each) => typeof each === 'string'),
  };
}

/** Ranges as protobufjs has them, from the first to the last number. */
export function describeRanges(ranges: readonly (readonly number[])[], beyond: number): Range[] {
  return ranges.map(([start = 0, end = start]) => ({ start, end: end + beyond }));
}

/** What `export` and `local` before a definition say. */
export function visibilityOf(visibility: 'local' | 'export' | undefined): number | undefined {
  return visibility === undefined ? undefined : VISIBILITY[visibility];
}

/** protobufjs has either all options of a value in one object, or an object for each. */
function writtenOf(options: unknown): readonly { readonly [name: string]: unknown }[] {
  if (options === undefined) return [];
  return (Array.isArray(options) ? options : [options]) as { [name: string]: unknown }[];
}
