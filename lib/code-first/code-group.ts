import { join, relative } from 'node:path';
import { inlineProtos } from '../schema/inline-proto.js';
import type { ProtoSchema } from '../schema/proto-schema.js';
import { type CodeFile, codeFiles } from './code-files.js';
import { fieldsOf, isMessage, type ServiceSpec, type TypeSpec } from './declarations.js';
import { numbersOf, type PrintedType, reservedNow } from './number-fields.js';
import { printProto } from './print-proto.js';
import { PrintedProtos } from './printed-protos.js';
import { collectSymbols, type Symbols } from './symbols.js';
import type { TypePackages } from './type-packages.js';

/**
 * Services that have types in common, with all their types: what their `.proto` files are printed
 * from. The schema that encodes and decodes is that of the printed text, so what is on the wire is
 * what the files say.
 */
export class CodeGroup {
  readonly services: readonly ServiceSpec[];
  readonly types: TypePackages;
  /** The directory of the files as they were printed last. */
  readonly protos: string | undefined;
  readonly files: readonly CodeFile[];
  readonly #symbols: Symbols;
  #schema: ProtoSchema | undefined;

  /** @throws {TypeError} when what was declared does not go together */
  constructor(services: readonly ServiceSpec[], types: TypePackages, protos: string | undefined) {
    this.services = services;
    this.types = types;
    this.protos = protos;
    this.#symbols = collectSymbols(services, types);
    this.files = codeFiles(services, types);
  }

  /**
   * The schema of the files.
   *
   * @throws {Error} when numbers were left out and the files that hold them are not there
   */
  get schema(): ProtoSchema {
    this.#schema ??= inlineProtos(this.texts());
    return this.#schema;
  }

  /** The texts of the files that messages are encoded and decoded by, by their paths. */
  texts(): Map<string, string> {
    return this.print(this.#printedBefore());
  }

  /** Whether the schema was asked for: messages have been encoded or decoded with it. */
  get isUsed(): boolean {
    return this.#schema !== undefined;
  }

  /** Whether some field has no number in the code. */
  get leavesNumbersOut(): boolean {
    return this.types.types.some(
      (type) => isMessage(type) && fieldsOf(type).some(({ number }) => number === undefined),
    );
  }

  /**
   * The texts of the files by their paths.
   *
   * @param before - the files as they were printed last
   */
  print(before: PrintedProtos): Map<string, string> {
    return new Map(
      this.files.map((file) => {
        const printed = (type: TypeSpec): PrintedType | undefined =>
          before.type(this.types.fullName(type), file.path);
        const text = printProto(file, {
          symbols: this.#symbols,
          fullName: (type) => this.types.fullName(type),
          numbers: (type) => numbersOf(type, printed(type)),
          reserved: (type) => reservedNow(type, printed(type)),
        });
        return [file.path, text];
      }),
    );
  }

  /** The files are only read where they decide on a number. */
  #printedBefore(): PrintedProtos {
    if (this.protos === undefined || !this.leavesNumbersOut) return PrintedProtos.NONE;
    const paths = this.files.map(({ path }) => path);
    const before = PrintedProtos.read(this.protos, paths);
    const missing = paths.find((path) => !before.texts.has(path));
    if (missing === undefined) return before;
    throw new Error(
      `${join(this.protos, missing)} is not there, and fields leave their numbers to it: ` +
        `print it with \`tributary proto --out ${relative('.', this.protos) || '.'}\``,
    );
  }
}
