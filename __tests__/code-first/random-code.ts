import fc from 'fast-check';
import {
  type AnyField,
  bidiStream,
  clientStream,
  defineService,
  type EnumNumbers,
  type EnumType,
  enumType,
  type FieldArgs,
  field,
  type MapKey,
  type Members,
  type MessageType,
  message,
  oneof,
  type ServiceDescriptor,
  serverStream,
  unary,
} from 'tributary';

/** A field before it is declared; types are positions among those of the code. */
export interface FieldModel {
  readonly name: string;
  readonly type:
    | (typeof SCALARS)[number]
    | { readonly enum: number }
    | { readonly message: number };
  readonly label: 'implicit' | 'optional' | 'repeated' | 'map' | 'oneof';
  readonly key: MapKey;
  readonly hasNumber: boolean;
  readonly comment: string | undefined;
  readonly deprecated: boolean;
}

/** A type before it is declared. */
export interface TypeModel {
  /** Without its package. */
  readonly name: string;
  readonly isCommon: boolean;
}

/** Types and a service before they are declared. */
export interface CodeModel {
  readonly messages: readonly (TypeModel & { readonly fields: readonly FieldModel[] })[];
  readonly enums: readonly (TypeModel & { readonly numbers: EnumNumbers })[];
  readonly kinds: readonly number[];
}

type AnyMessage = MessageType<{ [name: string]: unknown }>;

/** The same, declared. */
export interface RandomCode {
  readonly service: ServiceDescriptor;
  readonly messages: readonly AnyMessage[];
}

const SCALARS = [
  ...['double', 'float', 'bool', 'string', 'bytes'],
  ...['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32'],
  ...['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'],
] as const;
const KEYS = SCALARS.filter((each): each is MapKey => !['double', 'float', 'bytes'].includes(each));
// Whatever could be taken for something else: keywords, names of packages, of types, of JavaScript.
const FIELD_NAMES = (
  'text userId a1 fooBar2 x URL message string int32 bytes optional repeated required oneof map option ' +
  'reserved extensions stream rpc returns service enum import package syntax group to max inf nan true ' +
  'google common app v1 constructor toString hasOwnProperty questionURL default edition weak public'
).split(' ');
const TYPE_NAMES = 'Question Answer Node Message String Google Common App V1 URL Ask X1 Map'.split(
  ' ',
);
const NESTED = new Set(['Node', 'Message', 'X1', 'URL']);

/** Every third message is of a package of its own, which may not need the other. */
function isCommon(index: number): boolean {
  return index % 3 === 2;
}

const arbitraryTraits = fc.record({
  scalar: fc.constantFrom(...SCALARS),
  kind: fc.constantFrom<'scalar' | 'enum' | 'message'>(
    'scalar',
    'scalar',
    'scalar',
    'enum',
    'message',
  ),
  label: fc.constantFrom<FieldModel['label']>(
    ...(['implicit', 'implicit', 'optional', 'repeated', 'map', 'oneof'] as const),
  ),
  target: fc.nat(20),
  key: fc.constantFrom(...KEYS),
  hasNumber: fc.boolean(),
  comment: fc.option(fc.string({ unit: 'binary', maxLength: 12 }), { nil: undefined }),
  deprecated: fc.boolean(),
});

export const arbitraryCode: fc.Arbitrary<CodeModel> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...TYPE_NAMES), { minLength: 3, maxLength: 7 }),
    fields: fc.array(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...FIELD_NAMES), arbitraryTraits), {
        maxLength: 8,
        selector: ([name]) => name,
      }),
      { minLength: 7, maxLength: 7 },
    ),
    numbers: fc.array(fc.uniqueArray(fc.integer(), { maxLength: 4 }), {
      minLength: 2,
      maxLength: 2,
    }),
    kinds: fc.array(fc.nat(3), { minLength: 7, maxLength: 7 }),
  })
  .map(({ names, fields, numbers, kinds }): CodeModel => {
    const locals: string[] = [];
    for (const [i, name] of names.entries()) {
      const outer = locals[i - 3];
      locals.push(outer !== undefined && NESTED.has(name) ? `${outer}.${name}` : name);
    }
    return {
      messages: locals.map((name, i) => ({
        name,
        isCommon: isCommon(i),
        fields: (fields[i] ?? [])
          // A field URL in a message that has a type URL is refused, as it should be.
          .filter(([each]) => !names.includes(each))
          .map(([each, { scalar, kind, target, ...traits }]) => {
            const there = names.flatMap((_, j) => (!isCommon(i) || isCommon(j) ? j : []));
            const message = there[target % there.length] as number;
            const type = {
              scalar,
              enum: { enum: isCommon(i) ? 0 : target % 2 },
              message: { message },
            };
            return { ...traits, name: each, type: type[kind] };
          }),
      })),
      enums: numbers.map((list, i) => ({
        name: i === 0 ? 'Hue' : 'Shade',
        isCommon: i === 0,
        numbers: Object.fromEntries(
          [0, ...list].map((number, j) => [`${i === 0 ? 'HUE' : 'SHADE'}_${j}`, number]),
        ),
      })),
      kinds,
    };
  });

/**
 * The full name of a type.
 *
 * @param suffix - told apart by it, several models can be in one directory
 */
export function nameOf({ name, isCommon }: TypeModel, suffix = '1'): string {
  return `${isCommon ? 'common' : 'app'}.v${suffix}.${name}`;
}

/** Declares what was made up. */
export function declare(model: CodeModel, suffix = '1'): RandomCode {
  // What is of the service's package gets it from there.
  const given = (type: TypeModel): string => (type.isCommon ? nameOf(type, suffix) : type.name);
  const enums = model.enums.map((each) => enumType(given(each), each.numbers));
  const messages: AnyMessage[] = [];
  for (const type of model.messages) {
    const members: { [name: string]: Members[string] } = {};
    const chosen: { [name: string]: AnyField } = {};
    for (const [j, each] of type.fields.entries()) {
      if (each.label === 'oneof') chosen[each.name] = fieldOf(each, j, messages, enums);
      else members[each.name] = fieldOf(each, j, messages, enums);
    }
    if (Object.keys(chosen).length > 0) members.chosenOne = oneof(chosen);
    messages.push(message(given(type), members) as unknown as AnyMessage);
  }
  const makers = [unary, serverStream, clientStream, bidiStream];
  const methods = Object.fromEntries(
    messages.map((type, i) => {
      const key = (model.messages[i] as TypeModel).name.replace(/.*\./, '').toLowerCase();
      const make = makers[model.kinds[i] as number] as typeof unary;
      return [key, make(type, type)];
    }),
  );
  return { service: defineService(`app.v${suffix}.Everything`, methods), messages };
}

function fieldOf(
  { type, label, key, hasNumber, comment, deprecated }: FieldModel,
  index: number,
  messages: readonly AnyMessage[],
  enums: readonly EnumType<EnumNumbers>[],
): AnyField {
  const number = hasNumber ? index * 7 + 1 : undefined;
  const args: FieldArgs =
    number === undefined
      ? comment === undefined
        ? []
        : [comment]
      : comment === undefined
        ? [number]
        : [number, comment];
  const make = (given: FieldArgs): AnyField => {
    if (typeof type === 'string') return field[type](...given);
    if ('enum' in type) return field.enum(enums[type.enum] as EnumType<EnumNumbers>, ...given);
    return field.message(() => messages[type.message] as AnyMessage, ...given) as AnyField;
  };
  let made = label === 'map' ? field.map(key, make([]), ...args) : make(args);
  if (label === 'optional') made = made.optional();
  if (label === 'repeated') made = made.repeated() as AnyField;
  return deprecated ? made.deprecated() : made;
}
