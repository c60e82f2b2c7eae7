/** What is declared in code, as plain data: what `.proto` files are printed from. */
import type { MethodKind } from '../schema/method-kind.js';
import type { Scalar } from '../schema/wire/scalar.js';

/** What no field or value may have any more: a number, a range (both ends included), or a name. */
export type Reserved = number | readonly [from: number, to: number] | string;

/** The numbers of an enum by their names. */
export type EnumNumbers = { readonly [name: string]: number };

/** An enum as it was declared. */
export interface EnumSpec {
  /** As it was given: with a package or not. */
  readonly name: string;
  readonly numbers: EnumNumbers;
  readonly comment: string | undefined;
  readonly comments: ReadonlyMap<string, string | undefined>;
  readonly reserved: readonly Reserved[];
  readonly deprecated: boolean;
}

/** The scalars that may be the keys of a map. */
export type MapKey = Exclude<Scalar, 'double' | 'float' | 'bytes'>;

/** What a field holds: a scalar by its name, an enum, or a message, named late so that it may be itself. */
export type FieldType = Scalar | EnumSpec | (() => MessageSpec);

/** What a field is, whatever it is called. */
export interface FieldTraits {
  readonly type: FieldType;
  /** 1 to 2^29 - 1; `undefined` where it was left out. */
  readonly number: number | undefined;
  readonly comment: string | undefined;
  readonly label: 'implicit' | 'optional' | 'repeated' | 'map';
  readonly key: MapKey | undefined;
  readonly deprecated: boolean;
}

/** A field of a message. */
export interface FieldSpec extends FieldTraits {
  /** As the `.proto` has it, such as `user_id`. */
  readonly name: string;
}

/** Fields of which at most one is set. */
export interface OneofSpec {
  /** As the `.proto` has it. */
  readonly name: string;
  readonly comment: string | undefined;
  readonly fields: readonly FieldSpec[];
}

/** A message as it was declared. */
export interface MessageSpec {
  /** As it was given: with a package or not. */
  readonly name: string;
  readonly members: readonly (FieldSpec | OneofSpec)[];
  readonly comment: string | undefined;
  readonly reserved: readonly Reserved[];
  readonly deprecated: boolean;
  /** The file of Google's that declares it, if one does. */
  readonly file: string | undefined;
}

/** A type that fields may have besides scalars. */
export type TypeSpec = MessageSpec | EnumSpec;

/** A method as a `.proto` has it. */
export interface MethodSpec {
  /** As on the wire, such as `SayHello`. */
  readonly name: string;
  readonly kind: MethodKind;
  readonly request: MessageSpec;
  readonly response: MessageSpec;
  readonly comment: string | undefined;
}

/** A service as it was declared. */
export interface ServiceSpec {
  /** With its package. */
  readonly name: string;
  readonly methods: readonly MethodSpec[];
  readonly comment: string | undefined;
}

/** Whether it is a message, not an enum. */
export function isMessage(type: TypeSpec): type is MessageSpec {
  return 'members' in type;
}

/** The fields of a message, those of its oneofs included, in the order of their declaration. */
export function fieldsOf({ members }: MessageSpec): FieldSpec[] {
  return members.flatMap((member) => ('fields' in member ? member.fields : member));
}
