import { entryName } from '../schema/descriptors/describe-map.js';
import { fieldsOf, isMessage, type ServiceSpec, type TypeSpec } from './declarations.js';
import { parentOf } from './type-name.js';
import type { TypePackages } from './type-packages.js';

/** Every full name that files declare, and what it is the name of. */
export type Symbols = ReadonlyMap<string, string>;

/**
 * All that is declared, by full name: protobuf has one namespace for types, values, fields, oneofs,
 * services, methods and packages.
 *
 * @throws {TypeError} for two things of one name, or a type within a message that is not there
 */
export function collectSymbols(services: readonly ServiceSpec[], types: TypePackages): Symbols {
  const symbols = new Map<string, string>();
  const declare = (name: string, what: string): void => {
    const other = symbols.get(name);
    if (other !== undefined) throw new TypeError(`${name} is both ${other} and ${what}`);
    symbols.set(name, what);
  };
  for (const name of packagesOf(services, types)) symbols.set(name, 'a package');
  for (const { name, methods } of services) {
    declare(name, 'a service');
    for (const method of methods) declare(`${name}.${method.name}`, 'a method');
  }
  for (const type of types.types)
    declare(types.fullName(type), isMessage(type) ? 'a message' : 'an enum');
  for (const type of types.types) declareWithin(type, types.fullName(type), declare);
  for (const type of types.types) checkOuter(types.fullName(type), types.packageOf(type), symbols);
  return symbols;
}

function declareWithin(
  type: TypeSpec,
  fullName: string,
  declare: (name: string, what: string) => void,
): void {
  if (!isMessage(type)) {
    // Beside their enum, not in it.
    const scope = parentOf(fullName);
    for (const value of Object.keys(type.numbers)) {
      declare(scope === '' ? value : `${scope}.${value}`, `a value of the enum ${fullName}`);
    }
    return;
  }
  for (const member of type.members) {
    if ('fields' in member) declare(`${fullName}.${member.name}`, 'a oneof');
  }
  for (const { name, label } of fieldsOf(type)) {
    declare(`${fullName}.${name}`, 'a field');
    // A map is a list of messages, which protobuf declares.
    if (label === 'map') declare(`${fullName}.${entryName(name)}`, `an entry of the map ${name}`);
  }
}

function checkOuter(fullName: string, packageName: string, symbols: Symbols): void {
  const outer = parentOf(fullName);
  if (outer === packageName || symbols.get(outer) === 'a message') return;
  throw new TypeError(`${fullName} lies within ${outer}, which is no message used here`);
}

/** `app` and `app.v1`, for what is in `app.v1`. */
function packagesOf(services: readonly ServiceSpec[], types: TypePackages): Set<string> {
  const names = new Set<string>();
  const used = [
    ...services.map(({ name }) => parentOf(name)),
    ...types.types.map((type) => types.packageOf(type)),
  ];
  for (const name of used) {
    for (let each = name; each !== ''; each = parentOf(each)) names.add(each);
  }
  return names;
}
