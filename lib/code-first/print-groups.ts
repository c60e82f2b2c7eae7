import { join, resolve } from 'node:path';
import { inlineProtos } from '../schema/inline-proto.js';
import { breakingChanges } from './breaking-changes.js';
import type { CodeGroup } from './code-group.js';
import { PRINTED } from './print-proto.js';
import { PrintedProtos } from './printed-protos.js';
import { unnumberedRenames } from './unnumbered-renames.js';

/** What the files of some groups should be, and what speaks against it. */
export interface PrintedGroups {
  /** By their paths in the directory, in order. */
  readonly files: ReadonlyMap<string, string>;
  /** The files as they are, and those beside them. */
  readonly found: ReadonlyMap<string, string>;
  /** Printed files whose types are in others now. */
  readonly leftBehind: readonly string[];
  /** Why nothing may be written, each with its file. */
  readonly problems: readonly string[];
  /** The same, of what programs of before would stumble over. */
  readonly breaking: readonly string[];
}

/**
 * Prints groups for a directory, keeping the numbers of the files there. Writes nothing.
 *
 * @throws {Error} with file and line, when a file there cannot be read or parsed
 */
export function printGroups(groups: readonly CodeGroup[], directory: string): PrintedGroups {
  const paths = groups.flatMap(({ files }) => files.map(({ path }) => path));
  const before = PrintedProtos.read(directory, paths);
  const problems: string[] = [];
  const texts = new Map<string, string>();
  for (const group of groups) {
    const printed = group.print(before);
    for (const [path, text] of printed) {
      if (texts.has(path)) problems.push(`${join(directory, path)}: two services print this file`);
      texts.set(path, text);
    }
    // Whatever the checks of declarations have let pass.
    inlineProtos(printed);
    problems.push(...otherNumbers(group, new PrintedProtos(printed), directory));
  }
  const files = new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
  const after = new PrintedProtos(files);
  const leftBehind = filesLeftBehind(before, after);
  for (const [path, text] of before.texts) {
    if (!files.has(path) || text.startsWith(PRINTED)) continue;
    const advice = 'move it away, or put the first line of a printed file above it';
    problems.push(`${join(directory, path)}: was not printed by tributary proto; ${advice}`);
  }
  for (const [name, declared] of after.declared) {
    if (declared.length === 1) continue;
    const where = declared.map(({ path }) => join(directory, path)).join(' and ');
    problems.push(`${name}: is in ${where}; rename one, or use the same object in both services`);
  }
  problems.push(...declaredByHand(before, after, directory));
  const replaced = new Set([...files.keys(), ...leftBehind]);
  const breaking = [
    ...breakingChanges(before, after, replaced),
    ...groups.flatMap((group) => unnumberedRenames(group, before, after)),
  ].map(({ path, name, reason }) => `${join(directory, path)}: ${name}: ${reason}`);
  return { files, found: before.texts, leftBehind, problems, breaking };
}

/** Where the program would encode with another number than the file has. */
function otherNumbers(group: CodeGroup, printed: PrintedProtos, directory: string): string[] {
  if (!group.leavesNumbersOut || group.protos === resolve(directory)) return [];
  const running = new PrintedProtos(group.texts());
  return [...printed.declared].flatMap(([type, declared]) =>
    declared.flatMap(({ path }) => {
      const numbers = running.type(type, path)?.numbers;
      return [...(printed.type(type, path)?.numbers ?? [])].flatMap(([name, number]) => {
        const other = numbers?.get(name);
        if (other === undefined || other === number) return [];
        const has = `has the number ${number} here and ${other} in the program`;
        const advice = `give defineService() { protos: '${directory}' }, or the field a number`;
        return [`${join(directory, path)}: ${type}.${name}: ${has}; ${advice}`];
      });
    }),
  );
}

/** What a file beside, which somebody wrote by hand, declares as well: two files would say what it is. */
function declaredByHand(before: PrintedProtos, after: PrintedProtos, directory: string): string[] {
  return [...after.declared.keys()].flatMap((name) =>
    (before.declared.get(name) ?? [])
      .filter(({ path }) => !after.texts.has(path) && !before.texts.get(path)?.startsWith(PRINTED))
      .map(({ path }) => `${join(directory, path)}: ${name}: is declared here, too; rename one`),
  );
}

function filesLeftBehind(before: PrintedProtos, after: PrintedProtos): string[] {
  const paths = new Set<string>();
  for (const [name, declared] of before.declared) {
    if (!after.declared.has(name)) continue;
    for (const { path } of declared) {
      if (!after.texts.has(path) && before.texts.get(path)?.startsWith(PRINTED)) paths.add(path);
    }
  }
  return [...paths].sort();
}
