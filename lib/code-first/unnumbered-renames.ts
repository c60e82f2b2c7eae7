import protobuf from 'protobufjs';
import type { BreakingChange } from './breaking-changes.js';
import type { CodeGroup } from './code-group.js';
import { fieldsOf, isMessage, type MessageSpec } from './declarations.js';
import type { Printed, PrintedProtos } from './printed-protos.js';
import { typeChange } from './type-change.js';
import { TypeNames } from './type-names.js';

/**
 * Fields without a number in the code that look renamed: one is gone, and a new one of its type stands
 * in its place. The new one gets a number of its own, so peers would lose what they send in the old
 * one. Who means it so reserves the old name in the code.
 */
export function unnumberedRenames(
  group: CodeGroup,
  before: PrintedProtos,
  after: PrintedProtos,
): BreakingChange[] {
  const names = { before: new TypeNames(before), after: new TypeNames(after) };
  return group.files.flatMap(({ path, types }) =>
    types.filter(isMessage).flatMap((message) => {
      const name = group.types.fullName(message);
      const then = before.find(name, path);
      const now = after.find(name, path);
      if (!(then?.definition instanceof protobuf.Type)) return [];
      return renamesIn(message, then, (now as Printed).definition as protobuf.Type, names).map(
        ([old, young]) => ({
          path: then.path,
          name: `${name}.${old}`,
          reason:
            `is gone, and ${young} is in its place: keep the name, or, if ${young} is another field, ` +
            `give the message { reserved: ['${old}'] }`,
        }),
      );
    }),
  );
}

interface Names {
  readonly before: TypeNames;
  readonly after: TypeNames;
}

/** The fields that are gone, each with the one that has taken its place. */
function renamesIn(
  message: MessageSpec,
  { definition }: Printed,
  now: protobuf.Type,
  names: Names,
): [old: string, young: string][] {
  const old = (definition as protobuf.Type).fieldsArray;
  const young = now.fieldsArray;
  const news = new Set(young.map(({ name }) => name));
  const stays = new Set(old.map(({ name }) => name).filter((name) => news.has(name)));
  const fields = fieldsOf(message);
  const numbered = new Set(fields.filter((each) => each.number).map(({ name }) => name));
  const heirs = young.filter(({ name }) => !stays.has(name) && !numbered.has(name));
  const renames: [string, string][] = [];
  for (const field of old) {
    if (stays.has(field.name) || message.reserved.includes(field.name)) continue;
    const place = placeOf(field, old, stays);
    const heir = heirs.find(
      (each) => placeOf(each, young, stays) === place && !typeChange(field, each, names),
    );
    if (heir === undefined) continue;
    heirs.splice(heirs.indexOf(heir), 1);
    renames.push([field.name, heir.name]);
  }
  return renames;
}

/** Which of the fields that stay are right before and right behind it. */
function placeOf(
  field: protobuf.Field,
  all: readonly protobuf.Field[],
  stays: ReadonlySet<string>,
): string {
  const at = all.indexOf(field);
  const isHere = ({ name }: protobuf.Field) => stays.has(name);
  return `${all.slice(0, at).findLast(isHere)?.name} ${all.slice(at).find(isHere)?.name}`;
}
