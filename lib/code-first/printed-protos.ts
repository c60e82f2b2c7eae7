import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import protobuf from 'protobufjs';
import { parseProto } from '../schema/parse-proto.js';
import { fullName } from '../schema/wire/message-shape.js';
import type { Reserved } from './declarations.js';
import type { PrintedType } from './number-fields.js';

/** A message, an enum or a service of a file. */
export interface Printed {
  readonly path: string;
  readonly definition: protobuf.Type | protobuf.Enum | protobuf.Service;
}

/** `.proto` files as they were printed: what decides on numbers that the code leaves out. */
export class PrintedProtos {
  /** Where nothing was printed before. */
  static readonly NONE = new PrintedProtos(new Map());
  readonly texts: ReadonlyMap<string, string>;
  readonly #declared = new Map<string, Printed[]>();

  /**
   * @param texts - by their paths
   * @param directory - of the paths, for error messages
   * @throws {Error} with file and line, when one is not valid
   */
  constructor(texts: ReadonlyMap<string, string>, directory = '') {
    this.texts = texts;
    for (const [path, text] of texts) {
      // Each on its own: what has moved to another file is in both until the old one is removed.
      const root = new protobuf.Root();
      parseProto(root, join(directory, path), text);
      this.#collect(path, root);
    }
  }

  /** Reads these files of a directory, as far as they are there, and all that are beside them. */
  static read(directory: string, paths: readonly string[]): PrintedProtos {
    const texts = new Map<string, string>();
    for (const folder of new Set(paths.map((path) => posix.dirname(path)))) {
      for (const name of protosIn(join(directory, folder))) {
        const path = posix.join(folder, name);
        const text = readFileSync(join(directory, path), 'utf8');
        // An editor may have put its mark in front, a checkout changed the line ends.
        texts.set(path, text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
      }
    }
    return new PrintedProtos(texts, directory);
  }

  /** All messages, enums and services, by full name: more than one where a file is out of date. */
  get declared(): ReadonlyMap<string, readonly Printed[]> {
    return this.#declared;
  }

  /** What has this name in this file, or else in another. */
  find(name: string, path: string): Printed | undefined {
    const all = this.#declared.get(name) ?? [];
    return all.find((printed) => printed.path === path) ?? all[0];
  }

  /** What a message or an enum was printed as; `undefined` if it was not. */
  type(name: string, path: string): PrintedType | undefined {
    const definition = this.find(name, path)?.definition;
    return definition === undefined ? undefined : printedType(definition);
  }

  #collect(path: string, namespace: protobuf.NamespaceBase): void {
    for (const definition of namespace.nestedArray) {
      if (
        definition instanceof protobuf.Type ||
        definition instanceof protobuf.Enum ||
        definition instanceof protobuf.Service
      ) {
        const name = fullName(definition);
        const others = this.#declared.get(name) ?? [];
        this.#declared.set(name, [...others, { path, definition }]);
      }
      if (definition instanceof protobuf.Namespace) this.#collect(path, definition);
    }
  }
}

/** The numbers of a message or an enum, and what is gone from it; `undefined` for a service. */
export function printedType(definition: Printed['definition']): PrintedType | undefined {
  if (definition instanceof protobuf.Type) {
    const numbers = new Map(definition.fieldsArray.map(({ name, id }) => [name, id]));
    return { numbers, reserved: reservedOf(definition.reserved) };
  }
  if (definition instanceof protobuf.Enum) {
    const numbers = new Map(Object.entries(definition.values));
    return { numbers, reserved: reservedOf(definition.reserved) };
  }
  return undefined;
}

/** protobufjs's typings take a range for any list of numbers. */
function reservedOf(reserved: (number[] | string)[] | undefined): Reserved[] {
  return (reserved ?? []).map((entry) =>
    typeof entry === 'string' ? entry : [entry[0] as number, entry[1] as number],
  );
}

function protosIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    return files.filter((name) => name.endsWith('.proto')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
