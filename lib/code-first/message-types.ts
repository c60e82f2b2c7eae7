import type { AnyField, Field } from './field.js';
import type { Oneof, OneofFields } from './oneof.js';

/** What a message is declared with: its fields and oneofs by their lowerCamel names. */
export type Members = { readonly [name: string]: AnyField | Oneof<OneofFields> };

/** What decoding such a message gives: fields without a default are absent when nothing was sent. */
export type MessageOut<M extends Members> = Simplify<
  { -readonly [Name in NamesOf<M, 'default'>]: OutOf<M[Name]> } & {
    -readonly [Name in NamesOf<M, 'presence'>]?: OutOf<M[Name]>;
  } & OneofsOf<M, 'out'>
>;

/** What encoding such a message takes: every field may be left out. */
export type MessageIn<M extends Members> = Simplify<
  {
    readonly [Name in NamesOf<M, 'default' | 'presence'>]?: InOf<M[Name]> | null | undefined;
  } & OneofsOf<M, 'in'>
>;

type OutOf<F> = F extends Field<infer Out, infer _In> ? Out : never;
type InOf<F> = F extends Field<infer _Out, infer In> ? In : never;

/** The names of the fields that have a default, or of those that can be unset. */
type NamesOf<M extends Members, Kind extends 'default' | 'presence'> = {
  [Name in keyof M]: M[Name] extends AnyField
    ? (undefined extends OutOf<M[Name]> ? 'presence' : 'default') extends Kind
      ? Name
      : never
    : never;
}[keyof M];

/** The fields of all oneofs: of each, one is set or none is. */
type OneofsOf<M extends Members, Way extends 'in' | 'out'> = Intersection<
  {
    [Name in keyof M]: M[Name] extends Oneof<infer Fields> ? Boxed<OneofOf<Fields, Way>> : never;
  }[keyof M]
>;

type OneofOf<Fields extends OneofFields, Way extends 'in' | 'out'> =
  | { readonly [Name in keyof Fields]?: undefined }
  | { [Set in keyof Fields]: Only<Fields, Set, Way> }[keyof Fields];

type Only<Fields extends OneofFields, Set extends keyof Fields, Way extends 'in' | 'out'> = {
  [Name in Set]: NonNullable<Way extends 'in' ? InOf<Fields[Name]> : OutOf<Fields[Name]>>;
} & { readonly [Name in Exclude<keyof Fields, Set>]?: undefined };

/** Keeps a union together while others are intersected with it. */
type Boxed<T> = (box: T) => void;
type Intersection<Boxes> = [Boxes] extends [never]
  ? unknown
  : (Boxes extends unknown ? Boxes : never) extends (box: infer All) => void
    ? All
    : never;

type Simplify<T> = T extends unknown ? { [Key in keyof T]: T[Key] } : never;
