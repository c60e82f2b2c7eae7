import { checkFunction, checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { Codec } from './codec.js';
import { type EmbeddedFile, withImports } from './embedded-file.js';
import { EmbeddedPool } from './embedded-pool.js';
import { parseEmbedded } from './parse-embedded.js';
import type { ProtoSchema } from './proto-schema.js';
import { type DefinedMethods, type MethodDefinitions, service } from './service.js';
import type { ServiceDescriptor } from './service-descriptor.js';
import { standsFor } from './wire/message-type-of.js';

/** What {@link embeddedProto} is told. */
export interface EmbeddedProtoOptions {
  /** What other files and reflection call it, with slashes: `shop/orders.proto`. */
  readonly name: string;
  /** Gives its text; called when it is first needed. Google's well-known files need none. */
  readonly source?: (() => string) | undefined;
  /** The files that it imports, by the names that it has for them; Google's may be left out. */
  readonly imports?: { readonly [name: string]: EmbeddedProto } | undefined;
}

/** A message of an {@link EmbeddedProto}: its codec, and where it comes from. */
export interface ProtoMessage<Out, In = Out> extends Codec<Out, In> {
  /** The full name, such as `routeguide.Point`. */
  readonly name: string;
  /** The files that describe it; parsed when first read. */
  readonly schema: ProtoSchema;
}

/**
 * A `.proto` file held as text, as generated code has it. Nothing is parsed before a message is
 * encoded or decoded, or `schema` is read; then it is together with all that imports link it to, once.
 *
 * @throws TypeError when an option is not what it should be
 */
export function embeddedProto(options: EmbeddedProtoOptions): EmbeddedProto {
  return new EmbeddedProto(options);
}

/** See {@link embeddedProto}. */
export class EmbeddedProto {
  readonly name: string;
  readonly #file: EmbeddedFile;
  readonly #pool = new EmbeddedPool();
  #schema: ProtoSchema | undefined;

  constructor(options: EmbeddedProtoOptions) {
    checkOptions('embeddedProto()', options, ['name', 'source', 'imports']);
    const { name, source, imports = {} } = options;
    if (typeof name !== 'string' || name === '') {
      throw new TypeError(`embeddedProto() takes the name of a file, got ${describeValue(name)}`);
    }
    if (source !== undefined) checkFunction(`the source of ${name}`, source);
    this.name = name;
    const files = Object.entries(imports).map(([imported, file]): [string, EmbeddedFile] => {
      if (file instanceof EmbeddedProto) return [imported, file.#file];
      throw new TypeError(
        `${name} imports ${imported}: expected an embeddedProto(), got ${describeValue(file)}`,
      );
    });
    this.#file = { name, source, imports: new Map(files) };
    const pools = Object.values(imports).map((file) => file.#pool);
    this.#pool.add(this.#file, pools);
  }

  /** This file and all that it imports. @throws Error when one cannot be parsed */
  get schema(): ProtoSchema {
    this.#schema ??= this.#pool.schemaOf(this.#file) ?? parseEmbedded(withImports(this.#file));
    return this.#schema;
  }

  /** A message by its full name. That it is there is seen when it is first used. */
  message<Out, In = Out>(name: string): ProtoMessage<Out, In> {
    const file = this;
    let codec: Codec<Out, In> | undefined;
    const use = () => (codec ??= file.schema.message(name) as unknown as Codec<Out, In>);
    const message: ProtoMessage<Out, In> = {
      name,
      get schema() {
        return file.schema;
      },
      encode: (value) => (codec ?? use()).encode(value),
      decode: (bytes) => (codec ?? use()).decode(bytes),
    };
    standsFor(message, use);
    return Object.freeze(message);
  }

  /** A service by its full name, with its methods as `service()` takes them. */
  service<Definitions extends MethodDefinitions<Definitions>>(
    name: string,
    methods: Definitions,
  ): ServiceDescriptor<DefinedMethods<Definitions>> {
    const file = this;
    // A service without methods is of no use by hand, but a .proto may have one.
    const described =
      Object.keys(methods).length === 0
        ? { name, methods: Object.freeze({}) as DefinedMethods<Definitions> }
        : service(name, methods);
    return Object.freeze({
      ...described,
      get schema() {
        return file.schema;
      },
    });
  }
}
