import fc from 'fast-check';
import {
  type AnyField,
  bidiStream,
  clientStream,
  defineService,
  enumType,
  field,
  type Members,
  message,
  oneof,
  type ServiceDescriptor,
  serverStream,
  unary,
} from 'tributary';

/** A field at one time: its position among the names is not that among the numbers. */
interface FieldState {
  readonly name: number;
  readonly type: number;
  readonly label: 'implicit' | 'optional' | 'repeated' | 'map' | 'oneof' | 'otherOneof';
}

/** A service at one time. */
export interface ServiceState {
  /** By their numbers from 1 on; `undefined` where there is none. */
  readonly fields: readonly (FieldState | undefined)[];
  /** The names of an enum's values by their numbers from 1 on. */
  readonly values: readonly (number | undefined)[];
  readonly kind: number;
  readonly takesOther: boolean;
}

const SCALARS = [
  ...['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32', 'int64', 'uint64', 'sint64', 'fixed64'],
  ...['sfixed64', 'bool', 'string', 'bytes', 'double', 'float'],
] as const as readonly ('int32' | 'string')[];
/** The scalars, two messages and two enums. */
const TYPES = SCALARS.length + 4;

const arbitraryField = fc.record({
  name: fc.nat(5),
  type: fc.nat(TYPES - 1),
  label: fc.constantFrom<FieldState['label']>(
    ...(['implicit', 'implicit', 'optional', 'repeated', 'map', 'oneof', 'otherOneof'] as const),
  ),
});

const arbitraryState: fc.Arbitrary<ServiceState> = fc.record({
  fields: distinct(fc.array(fc.option(arbitraryField, { nil: undefined }), { maxLength: 3 })),
  values: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
  kind: fc.constantFrom(0, 0, 0, 1, 2, 3),
  takesOther: fc.boolean(),
});

/** A service and what has become of it: some of it is other than before, most of it as it was. */
export const arbitraryChange: fc.Arbitrary<readonly [ServiceState, ServiceState]> = fc
  .tuple(arbitraryState, arbitraryState, fc.nat(5), fc.nat(TYPES - 1))
  .map(([then, other, what, type]) => {
    const fields = then.fields.map((each, i) => (i === 0 ? other.fields[0] : each));
    const retyped = then.fields.map((each) => each && { ...each, type });
    const changes: readonly Partial<ServiceState>[] = [
      { fields: withoutTwins(fields) },
      { fields: retyped },
      { values: other.values },
      { kind: other.kind },
      { takesOther: other.takesOther },
      other,
    ];
    return [then, { ...then, ...changes[what] }] as const;
  });

/** Declares it. */
export function declareState(state: ServiceState, packageName: string): ServiceDescriptor {
  const Left = message('Left', {});
  const Right = message('Right', {});
  const numbers = state.values.map((name, i) => [`E_${name}`, i + 1]);
  const E = enumType('E', { E_ZERO: 0, ...Object.fromEntries(numbers) });
  const F = enumType('F', { F_ZERO: 0 });
  const makers: readonly ((...args: [] | [number]) => AnyField)[] = [
    ...SCALARS.map((scalar) => field[scalar] as (...args: [] | [number]) => AnyField),
    (...args) => field.message(Left, ...args) as AnyField,
    (...args) => field.message(Right, ...args) as AnyField,
    (...args) => field.enum(E, ...args),
    (...args) => field.enum(F, ...args),
  ];
  const members: { [name: string]: Members[string] } = {};
  const oneofs: { [name: string]: { [name: string]: AnyField } } = { oneof: {}, otherOneof: {} };
  for (const [i, each] of state.fields.entries()) {
    if (each === undefined) continue;
    const make = makers[each.type] as (typeof makers)[number];
    const name = `f${each.name}`;
    if (each.label === 'implicit') members[name] = make(i + 1);
    else if (each.label === 'optional') members[name] = make(i + 1).optional();
    else if (each.label === 'repeated') members[name] = make(i + 1).repeated() as AnyField;
    else if (each.label === 'map') members[name] = field.map('string', make(), i + 1) as AnyField;
    else (oneofs[each.label] as { [name: string]: AnyField })[name] = make(i + 1);
  }
  for (const [name, chosen] of Object.entries(oneofs)) {
    if (Object.keys(chosen).length > 0) members[name] = oneof(chosen);
  }
  const M = message('M', members);
  const all = message('All', {
    left: field.message(Left, 1),
    right: field.message(Right, 2),
    e: field.enum(E, 3),
    f: field.enum(F, 4),
  });
  const make = [unary, serverStream, clientStream, bidiStream][state.kind] as typeof unary;
  const methods = { get: make(M, state.takesOther ? Right : Left), all: unary(all, all) };
  return defineService(`${packageName}.S`, methods) as unknown as ServiceDescriptor;
}

function distinct(
  fields: fc.Arbitrary<(FieldState | undefined)[]>,
): fc.Arbitrary<(FieldState | undefined)[]> {
  return fields.map(withoutTwins);
}

/** No two fields of one name. */
function withoutTwins(fields: readonly (FieldState | undefined)[]): (FieldState | undefined)[] {
  const names = new Set<number>();
  return fields.map((each) => {
    if (each === undefined || names.has(each.name)) return undefined;
    names.add(each.name);
    return each;
  });
}
