import type protobuf from 'protobufjs';
import { fullName } from '../wire/message-shape.js';

/** The values of an enum, both ways. */
export interface EnumNames {
  readonly name: string;
  readonly numbers: ReadonlyMap<string, number>;
  /** Of several names for one number the first. */
  readonly names: ReadonlyMap<number, string>;
  /** `google.protobuf.NullValue`, which is `null` in JSON. */
  readonly isNull: boolean;
}

const known = new WeakMap<protobuf.Enum, EnumNames>();

/** The names of an enum; the same object each time. */
export function enumNames(type: protobuf.Enum): EnumNames {
  let found = known.get(type);
  if (found === undefined) {
    const numbers = new Map(Object.entries(type.values));
    const names = new Map([...numbers].reverse().map(([name, number]) => [number, name]));
    const name = fullName(type);
    found = { name, numbers, names, isNull: name === 'google.protobuf.NullValue' };
    known.set(type, found);
  }
  return found;
}
