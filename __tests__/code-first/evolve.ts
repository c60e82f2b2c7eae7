import {
  defineService,
  field,
  type Members,
  message,
  type ServiceDescriptor,
  unary,
} from 'tributary';
import { type BreakingChange, breakingChanges } from '../../lib/code-first/breaking-changes.js';
import { codeFirstOf } from '../../lib/code-first/code-first.js';
import { PrintedProtos } from '../../lib/code-first/printed-protos.js';
import { unnumberedRenames } from '../../lib/code-first/unnumbered-renames.js';

/** Prints a service over what was printed before. */
export function printOver(
  service: object,
  before: ReadonlyMap<string, string>,
): Map<string, string> {
  const group = codeFirstOf(service)?.group();
  if (group === undefined) throw new Error('the service was not made by defineService()');
  return group.print(new PrintedProtos(before));
}

/** What is breaking between two states of the same files. */
export function breaking(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): BreakingChange[] {
  return breakingChanges(
    new PrintedProtos(before),
    new PrintedProtos(after),
    new Set(before.keys()),
  );
}

/** What looks renamed when a service is printed over what was printed before. */
export function renames(service: object, files: ReadonlyMap<string, string>): string[] {
  const group = codeFirstOf(service)?.group();
  if (group === undefined) throw new Error('the service was not made by defineService()');
  const before = new PrintedProtos(files);
  const after = new PrintedProtos(group.print(before));
  return unnumberedRenames(group, before, after).map(({ name, reason }) => `${name}: ${reason}`);
}

/** A service of one message with these members. */
export function serviceOf(members: Members, packageName = 'app.v1'): ServiceDescriptor {
  const M = message('M', members);
  return defineService(`${packageName}.S`, { get: unary(M, M) }) as unknown as ServiceDescriptor;
}

/** A service of one message that has these fields, without numbers. */
export function serviceWith(names: readonly string[], packageName?: string): ServiceDescriptor {
  return serviceOf(Object.fromEntries(names.map((name) => [name, field.int32()])), packageName);
}

/** The numbers in a printed file by the names of their fields. */
export function numbersIn(text: string): Map<string, number> {
  const fields = text.matchAll(/int32 (\w+) = (\d+);/g);
  return new Map([...fields].map(([, name = '', number]) => [name, Number(number)]));
}
