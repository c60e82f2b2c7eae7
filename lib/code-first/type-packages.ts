import { isMessage, type MessageSpec, type TypeSpec } from './declarations.js';
import { reach } from './reach.js';
import { parseTypeName } from './type-name.js';

/** The types that are printed, and the package of each. */
export class TypePackages {
  readonly #packages: Map<TypeSpec, string>;

  constructor(known: Iterable<readonly [TypeSpec, string]> = []) {
    this.#packages = new Map(known);
  }

  /**
   * Adds all that `roots` are made of; what has no package in its name gets `packageName`.
   *
   * @throws {TypeError} for a type without a package that two packages use
   */
  add(roots: Iterable<MessageSpec>, packageName: string): void {
    for (const type of reach(roots)) {
      if (isMessage(type) && type.file !== undefined) continue;
      const own = parseTypeName(type.name).package;
      const known = this.#packages.get(type) ?? '';
      if (own === '' && known !== '' && known !== packageName) {
        throw new TypeError(
          `${type.name} is used in the packages ${known} and ${packageName}: give it a full name, ` +
            `such as '${known}.${type.name}'`,
        );
      }
      this.#packages.set(type, own === '' ? packageName : own);
    }
  }

  [Symbol.iterator](): Iterator<[TypeSpec, string]> {
    return this.#packages[Symbol.iterator]();
  }

  get types(): TypeSpec[] {
    return [...this.#packages.keys()];
  }

  packageOf(type: TypeSpec): string {
    return this.#packages.get(type) ?? parseTypeName(type.name).package;
  }

  fullName(type: TypeSpec): string {
    const packageName = this.packageOf(type);
    const { local } = parseTypeName(type.name);
    return packageName === '' ? local : `${packageName}.${local}`;
  }
}
