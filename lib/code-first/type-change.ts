import protobuf from 'protobufjs';
import { fullName } from '../schema/wire/message-shape.js';
import type { TypeNames } from './type-names.js';

/** Scalars that read one another's bytes: what does not fit is cut off, as protobuf has it. */
const ALIKE: readonly ReadonlySet<string>[] = [
  new Set(['int32', 'uint32', 'int64', 'uint64', 'bool']),
  new Set(['sint32', 'sint64']),
  new Set(['fixed32', 'sfixed32']),
  new Set(['fixed64', 'sfixed64']),
];

/** Why programs of before cannot read a field any more, and what to do; `undefined` if they can. */
export function typeChange(
  then: protobuf.Field,
  now: protobuf.Field,
  names: { readonly before: TypeNames; readonly after: TypeNames },
): string | undefined {
  const old = describe(then, names.before);
  const young = describe(now, names.after);
  const what = changed(old, young);
  if (what === undefined) return undefined;
  const advice = `change it back, or give a field of another name the number that is next`;
  return `${what}: ${advice}`;
}

interface Description {
  /** `map`, `repeated` or `single`. */
  readonly label: string;
  readonly key: string;
  readonly type: string;
  readonly oneof: string | undefined;
}

function describe(field: protobuf.Field, names: TypeNames): Description {
  const partOf = field.partOf as (protobuf.OneOf & { isProto3Optional?: boolean }) | null;
  const isScalar = field.type in protobuf.types.basic;
  return {
    label: field.map ? 'map' : field.repeated ? 'repeated' : 'single',
    key: field instanceof protobuf.MapField ? field.keyType : '',
    type: isScalar
      ? field.type
      : names.fullName(field.type, fullName(field.parent as protobuf.Type)),
    oneof: partOf && !partOf.isProto3Optional ? partOf.name : undefined,
  };
}

function changed(then: Description, now: Description): string | undefined {
  if (then.label !== now.label) return `was ${then.label} and is ${now.label}`;
  if (then.oneof !== now.oneof) {
    return `was ${place(then.oneof)} and is ${place(now.oneof)}`;
  }
  if (!fits(then.key, now.key)) return `had keys of ${then.key} and has keys of ${now.key}`;
  return fits(then.type, now.type) ? undefined : `was ${then.type} and is ${now.type}`;
}

function place(oneof: string | undefined): string {
  return oneof === undefined ? 'in no oneof' : `in the oneof ${oneof}`;
}

function fits(then: string, now: string): boolean {
  if (then === now || (then === 'string' && now === 'bytes')) return true;
  return ALIKE.some((group) => group.has(then) && group.has(now));
}
