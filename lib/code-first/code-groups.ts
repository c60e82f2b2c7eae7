import { CodeGroup } from './code-group.js';
import type { MessageSpec, ServiceSpec, TypeSpec } from './declarations.js';
import { reach } from './reach.js';
import { parentOf, parseTypeName } from './type-name.js';
import { TypePackages } from './type-packages.js';

/** The group that each type and each service belongs to now. */
const groups = new WeakMap<TypeSpec | ServiceSpec, CodeGroup>();

/** The group of a service, or of a message: one of its own if no service uses it. */
export function groupOf(spec: ServiceSpec | MessageSpec): CodeGroup {
  const known = groups.get(spec);
  if (known !== undefined || 'methods' in spec) return known as CodeGroup;
  const types = new TypePackages();
  types.add([spec], parseTypeName(spec.name).package);
  return commit(new CodeGroup([], types, undefined));
}

/**
 * Puts a service into the group that its types are in, or into a new one, and makes one of several.
 *
 * @param protos - the directory of the files as they were printed last
 * @throws {TypeError | Error} when the service does not go with what is there; then nothing has changed
 */
export function joinGroup(service: ServiceSpec, protos: string | undefined): void {
  const roots = service.methods.flatMap(({ request, response }) => [request, response]);
  const joined = [...new Set([...reach(roots)].flatMap((type) => groups.get(type) ?? []))];
  const types = new TypePackages(joined.flatMap((group) => [...group.types]));
  types.add(roots, parentOf(service.name));
  const services = [...joined.flatMap((group) => group.services), service];
  const made = new CodeGroup(services, types, oneDirectory(service.name, protos, joined));
  for (const group of joined) {
    if (!group.isUsed || !group.leavesNumbersOut || group.protos === made.protos) continue;
    throw new Error(
      `defineService('${service.name}') comes too late: its messages have been encoded or decoded ` +
        'before their numbers could be read from protos',
    );
  }
  commit(made);
}

function commit(group: CodeGroup): CodeGroup {
  for (const spec of [...group.types.types, ...group.services]) groups.set(spec, group);
  return group;
}

function oneDirectory(
  name: string,
  protos: string | undefined,
  groups: readonly CodeGroup[],
): string | undefined {
  const all = new Set([...groups.map((group) => group.protos), protos]);
  all.delete(undefined);
  if (all.size <= 1) return [...all][0];
  const list = [...all].join(' and ');
  throw new TypeError(`${name} shares messages with other services, but not their protos: ${list}`);
}
