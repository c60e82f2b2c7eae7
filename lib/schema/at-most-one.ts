/**
 * Fields of which one is set or none is, as those of a oneof when read: where one is not
 * `undefined`, TypeScript knows that the others are.
 */
export type AtMostOne<Fields> =
  | { [Set in keyof Fields]: Pick<Fields, Set> & Unset<Fields, Set, undefined> }[keyof Fields]
  | { [Name in keyof Fields]?: undefined };

/** The same for writing, where `null` is unset, too. */
export type AtMostOneInput<Fields> = {
  [Set in keyof Fields]: MaySet<Pick<Fields, Set>> & Unset<Fields, Set, null | undefined>;
}[keyof Fields];

type MaySet<Fields> = { [Name in keyof Fields]?: Fields[Name] | null | undefined };

type Unset<Fields, Set extends keyof Fields, Nothing> = {
  [Name in Exclude<keyof Fields, Set>]?: Nothing;
};
