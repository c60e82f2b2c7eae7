import protobuf from 'protobufjs';
import { methodChanges } from './method-changes.js';
import { type Printed, type PrintedProtos, printedType } from './printed-protos.js';
import { isReserved } from './reserved.js';
import { typeChange } from './type-change.js';
import { parentOf } from './type-name.js';
import { TypeNames } from './type-names.js';

/** A change that programs of before would stumble over. */
export interface BreakingChange {
  /** The file that was printed before. */
  readonly path: string;
  /** What has changed, such as `app.v1.Question.text`. */
  readonly name: string;
  /** What has become of it, and what to do about it. */
  readonly reason: string;
}

/**
 * What in the files `after` does not go with those of `before`: renames, reused numbers, other types,
 * what is gone.
 *
 * @param replaced - the files of `before` that give way to those of `after`; others lie beside them
 */
export function breakingChanges(
  before: PrintedProtos,
  after: PrintedProtos,
  replaced: ReadonlySet<string>,
): BreakingChange[] {
  const names = { before: new TypeNames(before), after: new TypeNames(after) };
  const changes: BreakingChange[] = [];
  for (const [name, printed] of before.declared) {
    const [{ path }] = printed as [Printed];
    const now = after.find(name, path);
    const then = before.find(name, now?.path ?? path) as Printed;
    if (now === undefined && !replaced.has(then.path)) continue;
    // With the last field of its type: what has become of that is told there.
    if (now === undefined && after.declared.has(parentOf(name))) continue;
    for (const [member, reason] of changesOf(then, now, names)) {
      changes.push({ path: then.path, name: member === '' ? name : `${name}.${member}`, reason });
    }
  }
  return changes;
}

/** A member of the definition, or '' for all of it, and what has become of it. */
type Change = readonly [member: string, reason: string];

interface Names {
  readonly before: TypeNames;
  readonly after: TypeNames;
}

function changesOf(then: Printed, now: Printed | undefined, names: Names): Change[] {
  const { definition } = then;
  if (now?.definition.constructor !== definition.constructor) {
    return [['', 'was printed before and is declared no more: is a module missing here?']];
  }
  if (definition instanceof protobuf.Service) {
    return methodChanges(definition, now.definition as protobuf.Service, names);
  }
  const changes = numberChanges(then, now);
  if (definition instanceof protobuf.Type) {
    const others = new Map(Object.entries((now.definition as protobuf.Type).fields));
    for (const [name, field] of Object.entries(definition.fields)) {
      const other = others.get(name);
      const change = other && typeChange(field, other, names);
      if (change !== undefined) changes.push([name, change]);
    }
  }
  return changes;
}

/** Names that have another number, numbers that have another name, and what was gone and is back. */
function numberChanges(then: Printed, now: Printed): Change[] {
  const before = printedType(then.definition);
  const after = printedType(now.definition);
  if (before === undefined || after === undefined) return [];
  const changes: Change[] = [];
  for (const [name, number] of before.numbers) {
    const number2 = after.numbers.get(name);
    if (number2 === number) continue;
    if (number2 !== undefined) {
      changes.push([name, `had the number ${number} and has ${number2}: give it ${number} again`]);
      continue;
    }
    const heirs = [...after.numbers].filter(([, each]) => each === number).map(([each]) => each);
    const heir = heirs.find((each) => !before.numbers.has(each));
    if (heir !== undefined && !heirs.some((each) => before.numbers.get(each) === number)) {
      changes.push([
        name,
        `its number ${number} is that of ${heir} now: keep the name, or give ${heir} another number`,
      ]);
    }
  }
  for (const [name, number] of after.numbers) {
    if (before.numbers.has(name)) continue;
    for (const what of [name, number]) {
      if (!isReserved(before.reserved, what)) continue;
      const kind = what === name ? 'name' : 'number';
      changes.push([name, `${what} is reserved since a removal: choose another ${kind}`]);
    }
  }
  return changes;
}
