import {
  fieldsOf,
  isMessage,
  type MessageSpec,
  type Reserved,
  type TypeSpec,
} from './declarations.js';
import { isProtobufsOwn, LARGEST_NUMBER } from './field-number.js';
import { isReserved, type ReservedSet, tidyReserved } from './reserved.js';

/** What a message or an enum had when it was printed last: numbers by names, and what is gone. */
export interface PrintedType {
  readonly numbers: ReadonlyMap<string, number>;
  readonly reserved: readonly Reserved[];
}

/**
 * The number of every field by its name in the `.proto`: as declared, else as printed before, else
 * one that was never used, above all that were.
 *
 * @param printed - what the message was printed as, if it was
 */
function numberFields(message: MessageSpec, printed: PrintedType | undefined): Map<string, number> {
  const fields = fieldsOf(message);
  const gone = [...message.reserved, ...(printed?.reserved ?? [])];
  const taken = new Set([
    ...(printed?.numbers.values() ?? []),
    ...fields.flatMap(({ number }) => number ?? []),
  ]);
  let next = Math.max(0, ...(printed?.numbers.values() ?? []));
  const unused = (): number => {
    do {
      next += 1;
      // Only behind a field at the very top: then what is free below.
      if (next > LARGEST_NUMBER) next = 1;
    } while (taken.has(next) || isReserved(gone, next) || isProtobufsOwn(next));
    taken.add(next);
    return next;
  };
  return new Map(
    fields.map(({ name, number }) => [name, number ?? printed?.numbers.get(name) ?? unused()]),
  );
}

/** The numbers of a type's fields or values. */
export function numbersOf(
  type: TypeSpec,
  printed: PrintedType | undefined,
): ReadonlyMap<string, number> {
  return isMessage(type) ? numberFields(type, printed) : new Map(Object.entries(type.numbers));
}

/**
 * What no field or value may have any more: what was declared or printed so, and the numbers and names
 * that were printed and are declared no more.
 */
export function reservedNow(type: TypeSpec, printed: PrintedType | undefined): ReservedSet {
  const now = numbersOf(type, printed);
  const before = printed === undefined ? [] : [...printed.reserved, ...[...printed.numbers].flat()];
  return tidyReserved([...type.reserved, ...before], now);
}
