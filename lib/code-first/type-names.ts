import type { PrintedProtos } from './printed-protos.js';
import { parentOf } from './type-name.js';

/** Finds the full names of types that files refer to, without the files that these import. */
export class TypeNames {
  readonly #protos: PrintedProtos;

  constructor(protos: PrintedProtos) {
    this.#protos = protos;
  }

  /**
   * @param name - as it is written
   * @param scope - the full name of what it is written in
   */
  fullName(name: string, scope: string): string {
    if (name.startsWith('.')) return name.slice(1);
    for (let outer = scope; outer !== ''; outer = parentOf(outer)) {
      const found = `${outer}.${name}`;
      if (this.#protos.declared.has(found)) return found;
    }
    return name;
  }
}
