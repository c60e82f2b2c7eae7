import { posix } from 'node:path';
import type protobuf from 'protobufjs';
import { fullName } from '../schema/wire/message-shape.js';
import { fileOf } from './definitions.js';
import type { FileNames } from './file-names.js';
import { ModuleImports } from './module-imports.js';

/** A module to be generated. */
export interface GeneratedModule {
  /** The `.proto`, as reflection and other files call it. */
  readonly protoName: string;
  /** The path of the module, with slashes: `shop/orders.ts`. */
  readonly path: string;
  readonly names: FileNames;
}

/** The names that the text of one module may use; those of others are imported. */
export class ModuleScope {
  readonly module: GeneratedModule;
  readonly imports: ModuleImports;
  readonly #modules: ReadonlyMap<string, GeneratedModule>;

  /** @param modules - by the paths of their `.proto` files */
  constructor(module: GeneratedModule, modules: ReadonlyMap<string, GeneratedModule>) {
    this.module = module;
    this.imports = new ModuleImports(module.names);
    this.#modules = modules;
  }

  /** What reading a message or an enum gives. */
  type(object: protobuf.ReflectionObject): string {
    const { names } = this.#moduleOf(object);
    return this.#use('type', object, names.of(object), '');
  }

  /** What writing a message takes. */
  input(object: protobuf.ReflectionObject): string {
    const { names } = this.#moduleOf(object);
    return this.#use('type', object, names.derived(object, 'Input'), 'Input');
  }

  /** The constant of a message. */
  codec(object: protobuf.ReflectionObject): string {
    const { names } = this.#moduleOf(object);
    return this.#use('value', object, names.of(object), '');
  }

  /** The constant of another file. */
  file(path: string): string {
    const { names, protoName } = this.#modules.get(path) as GeneratedModule;
    const otherwise = `${protoName.replace(/\W+/g, '_')}`;
    return this.imports.use('value', this.#pathTo(path), names.file, otherwise);
  }

  /** Whether there is a module of this file. */
  has(path: string): boolean {
    return this.#modules.has(path);
  }

  /** Something of the library's. */
  library(kind: 'type' | 'value', name: string): string {
    return this.imports.use(kind, 'tributary', name);
  }

  #use(
    kind: 'type' | 'value',
    object: protobuf.ReflectionObject,
    name: string,
    suffix: string,
  ): string {
    const module = this.#moduleOf(object);
    if (module === this.module) return name;
    const otherwise = `${fullName(object).replaceAll('.', '_')}${suffix}`;
    return this.imports.use(kind, this.#pathTo(fileOf(object)), name, otherwise);
  }

  #moduleOf(object: protobuf.ReflectionObject): GeneratedModule {
    return this.#modules.get(fileOf(object)) as GeneratedModule;
  }

  #pathTo(file: string): string {
    const { path } = this.#modules.get(file) as GeneratedModule;
    const way = posix.relative(posix.dirname(this.module.path), path).replace(/\.ts$/, '.js');
    return way.startsWith('.') ? way : `./${way}`;
  }
}
