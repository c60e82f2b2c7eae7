import { streamsReplies, streamsRequests } from '../schema/method-kind.js';
import type { CodeFile } from './code-files.js';
import {
  type EnumSpec,
  type FieldSpec,
  isMessage,
  type MessageSpec,
  type MethodSpec,
  type ServiceSpec,
  type TypeSpec,
} from './declarations.js';
import { ProtoText } from './proto-text.js';
import { referToType } from './refer-to-type.js';
import type { ReservedSet } from './reserved.js';
import type { Symbols } from './symbols.js';
import { lastOf, parentOf } from './type-name.js';

/** The first line of every printed file: what tells it from one that was written by hand. */
export const PRINTED = '// Printed from code by `tributary proto`: change the code, not this file.';

/** What printing needs to know besides the file. */
export interface PrintContext {
  readonly symbols: Symbols;
  /** The full name of a type. */
  fullName(type: TypeSpec): string;
  /** The number of each field or value by its name in the `.proto`. */
  numbers(type: TypeSpec): ReadonlyMap<string, number>;
  /** What no field or value may have any more. */
  reserved(type: TypeSpec): ReservedSet;
}

/** The text of a `.proto` file. */
export function printProto(file: CodeFile, context: PrintContext): string {
  return new Printer(file, context).print();
}

class Printer {
  readonly #file: CodeFile;
  readonly #context: PrintContext;
  readonly #text = new ProtoText();

  constructor(file: CodeFile, context: PrintContext) {
    this.#file = file;
    this.#context = context;
  }

  print(): string {
    const { services, imports } = this.#file;
    this.#text.line(PRINTED);
    this.#text.line('syntax = "proto3";');
    this.#text.blank();
    if (this.#file.package !== '') this.#text.line(`package ${this.#file.package};`);
    this.#text.blank();
    for (const path of imports) this.#text.line(`import "${path}";`);
    for (const service of services) this.#service(service);
    this.#typesIn(this.#file.package);
    return this.#text.toString();
  }

  #service({ name, methods, comment }: ServiceSpec): void {
    this.#text.blank();
    this.#text.comment(comment);
    this.#text.block(`service ${lastOf(name)}`, () => {
      for (const method of methods) this.#method(name, method);
    });
  }

  #method(service: string, { name, kind, request, response, comment }: MethodSpec): void {
    const takes = `${streamsRequests(kind) ? 'stream ' : ''}${this.#refer(service, request)}`;
    const gives = `${streamsReplies(kind) ? 'stream ' : ''}${this.#refer(service, response)}`;
    this.#text.comment(comment);
    this.#text.line(`rpc ${name} (${takes}) returns (${gives});`);
  }

  /** The types right in a package or a message: messages first, each kind as it was declared. */
  #typesIn(scope: string): void {
    const here = this.#file.types.filter(
      (type) => parentOf(this.#context.fullName(type)) === scope,
    );
    for (const type of here) if (isMessage(type)) this.#message(type);
    for (const type of here) if (!isMessage(type)) this.#enum(type);
  }

  #message(message: MessageSpec): void {
    const fullName = this.#context.fullName(message);
    this.#text.blank();
    this.#text.comment(message.comment);
    this.#text.block(`message ${lastOf(fullName)}`, () => {
      this.#head(message);
      this.#typesIn(fullName);
      this.#members(message, fullName);
    });
    this.#text.blank();
  }

  #members(message: MessageSpec, scope: string): void {
    const numbers = this.#context.numbers(message);
    for (const member of message.members) {
      if (!('fields' in member)) this.#field(member, scope, numbers);
      else {
        this.#text.comment(member.comment);
        this.#text.block(`oneof ${member.name}`, () => {
          for (const field of member.fields) this.#field(field, scope, numbers);
        });
      }
    }
  }

  #field(field: FieldSpec, scope: string, numbers: ReadonlyMap<string, number>): void {
    const { name, comment, deprecated } = field;
    const options = deprecated ? ' [deprecated = true]' : '';
    this.#text.comment(comment);
    this.#text.line(`${this.#typeOf(field, scope)} ${name} = ${numbers.get(name)}${options};`);
  }

  #typeOf({ type, label, key }: FieldSpec, scope: string): string {
    const name =
      typeof type === 'string'
        ? type
        : this.#refer(scope, typeof type === 'function' ? type() : type);
    if (label === 'map') return `map<${key}, ${name}>`;
    return label === 'implicit' ? name : `${label} ${name}`;
  }

  #enum(type: EnumSpec): void {
    const numbers = Object.entries(type.numbers);
    this.#text.blank();
    this.#text.comment(type.comment);
    this.#text.block(`enum ${lastOf(type.name)}`, () => {
      const distinct = new Set(Object.values(type.numbers));
      if (distinct.size < numbers.length) this.#text.line('option allow_alias = true;');
      this.#head(type);
      for (const [name, number] of numbers) {
        this.#text.comment(type.comments.get(name));
        this.#text.line(`${name} = ${number};`);
      }
    });
    this.#text.blank();
  }

  /** What stands above the members of a type. */
  #head(type: TypeSpec): void {
    const { ranges, names } = this.#context.reserved(type);
    if (type.deprecated) this.#text.line('option deprecated = true;');
    if (ranges.length > 0) {
      const parts = ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
      this.#text.line(`reserved ${parts.join(', ')};`);
    }
    if (names.length > 0) {
      this.#text.line(`reserved ${names.map((name) => `"${name}"`).join(', ')};`);
    }
    if (ranges.length + names.length > 0) this.#text.blank();
  }

  #refer(scope: string, type: TypeSpec): string {
    const { fullName, symbols } = this.#context;
    return referToType(fullName(type), scope, this.#file.package, symbols);
  }
}
