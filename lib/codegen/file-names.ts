import protobuf from 'protobufjs';
import { fieldName } from '../schema/local-name.js';
import { fullName } from '../schema/wire/message-shape.js';
import type { Definitions } from './definitions.js';
import { RESERVED_NAMES } from './reserved-names.js';

/** What a generated module declares for something in its `.proto`, besides the thing itself. */
export type Derived = 'Input' | 'Name' | 'Methods';

/**
 * The names that a generated module declares: `Outer_Inner` for a nested type, `PointInput` for what
 * encoding takes. One that is taken, or a word of TypeScript, gets underscores behind it; those of
 * the declarations themselves are given first, then those made of them.
 */
export class FileNames {
  readonly #taken = new Set<string>();
  readonly #names = new Map<protobuf.ReflectionObject, string>();
  readonly #derived = new Map<string, string>();
  /** The constant that holds the file itself. */
  readonly file: string;
  /** The function that gives its text. */
  readonly source: string;

  constructor(protoName: string, { types, services }: Definitions) {
    const all: protobuf.ReflectionObject[] = [...services, ...types];
    for (const object of all.toSorted((a, b) => Number(isNested(a)) - Number(isNested(b)))) {
      this.#names.set(object, this.#claim(flatName(object)));
    }
    for (const object of all) this.#derive(object);
    const base = protoName.replace(/^.*\//, '').replace(/\.proto$/, '');
    const words = fieldName(base.replace(/\W+/g, '_')).replace(/^\d/, '_$&');
    this.file = this.#claim(`${words.charAt(0).toLowerCase()}${words.slice(1)}Proto`);
    this.source = this.#claim('protoSource');
  }

  /** The name of a message, an enum or a service. */
  of(object: protobuf.ReflectionObject): string {
    return this.#names.get(object) as string;
  }

  derived(object: protobuf.ReflectionObject, suffix: Derived): string {
    return this.#derived.get(`${fullName(object)} ${suffix}`) as string;
  }

  /** Whether the module declares this name, or cannot. */
  has(name: string): boolean {
    return this.#taken.has(name) || RESERVED_NAMES.has(name);
  }

  #derive(object: protobuf.ReflectionObject): void {
    if (object instanceof protobuf.Service) this.#add(object, 'Methods');
    else if (object instanceof protobuf.Enum) this.#add(object, 'Name');
    else if (object instanceof protobuf.Type) {
      this.#add(object, 'Input');
      for (const oneof of object.oneofsArray) {
        const local = fieldName(oneof.name);
        const name = `${flatName(object)}_${local.charAt(0).toUpperCase()}${local.slice(1)}`;
        this.#names.set(oneof, this.#claim(name));
        this.#derived.set(`${fullName(oneof)} Input`, this.#claim(`${name}Input`));
      }
    }
  }

  #add(object: protobuf.ReflectionObject, suffix: Derived): void {
    const name = this.#claim(`${flatName(object)}${suffix}`);
    this.#derived.set(`${fullName(object)} ${suffix}`, name);
  }

  #claim(wanted: string): string {
    let name = wanted;
    while (this.has(name)) name += '_';
    this.#taken.add(name);
    return name;
  }
}

function isNested({ parent }: protobuf.ReflectionObject): boolean {
  return parent instanceof protobuf.Type;
}

/** The names from the package on, joined by underscores. */
function flatName(object: protobuf.ReflectionObject): string {
  const { parent } = object;
  return parent instanceof protobuf.Type ? `${flatName(parent)}_${object.name}` : object.name;
}
