import type { FileNames } from './file-names.js';
import { fitList, quote } from './layout.js';

interface Imported {
  readonly local: string;
  isValue: boolean;
}

/** What a generated module imports, gathered while the rest of it is printed. */
export class ModuleImports {
  readonly #own: FileNames;
  readonly #modules = new Map<string, Map<string, Imported>>();
  readonly #locals = new Set<string>();

  constructor(own: FileNames) {
    this.#own = own;
  }

  /**
   * What a name of another module is called in this one.
   *
   * @param otherwise - what to call it where the name itself is taken
   */
  use(kind: 'type' | 'value', module: string, name: string, otherwise = `${name}_`): string {
    const names = this.#modules.get(module) ?? new Map<string, Imported>();
    this.#modules.set(module, names);
    let imported = names.get(name);
    if (imported === undefined) {
      const isFree = (local: string) => !this.#own.has(local) && !this.#locals.has(local);
      let local = isFree(name) ? name : otherwise;
      while (!isFree(local)) local += '_';
      this.#locals.add(local);
      imported = { local, isValue: false };
      names.set(name, imported);
    }
    if (kind === 'value') imported.isValue = true;
    return imported.local;
  }

  print(): string {
    return [...this.#modules]
      .sort(([a], [b]) => rank(a) - rank(b) || compare(a, b))
      .map(([module, names]) => printImport(module, names))
      .join('\n');
  }
}

function printImport(module: string, names: ReadonlyMap<string, Imported>): string {
  const onlyTypes = [...names.values()].every(({ isValue }) => !isValue);
  const items = [...names]
    .sort(([a], [b]) => compare(a, b))
    .map(([name, { local, isValue }]) => {
      const said = local === name ? name : `${name} as ${local}`;
      return isValue || onlyTypes ? said : `type ${said}`;
    });
  return fitList(`import ${onlyTypes ? 'type ' : ''}{ `, items, ` } from ${quote(module)};`);
}

/** Packages, then what is farther up, then what is beside. */
function rank(module: string): number {
  const up = module.match(/\.\.\//g)?.length ?? 0;
  return module.startsWith('.') ? 100 - up : 0;
}

/** By letters, capitals before their small ones, and by numbers. */
function compare(a: string, b: string): number {
  const [x, y] = [a.match(PIECES) ?? [], b.match(PIECES) ?? []];
  const at = x.findIndex((piece, i) => piece !== y[i]);
  const [left, right] = [x[at], y[at]];
  if (left === undefined || right === undefined) return x.length - y.length;
  const byNumber = Number(left) - Number(right);
  if (byNumber !== 0 && !Number.isNaN(byNumber)) return byNumber;
  return rankOf(left) < rankOf(right) ? -1 : 1;
}

const PIECES = /\d+|\D/g;

function rankOf(piece: string): string {
  return `${piece.toLowerCase()}${piece === piece.toLowerCase() ? 1 : 0}`;
}
