import type {
  EnumDescriptor,
  FieldDescriptor,
  FileDescriptor,
  MessageDescriptor,
} from '../../schema/descriptors/descriptor-types.js';
import type { DescribedFile } from '../../schema/descriptors/file-descriptors.js';

/** Which file declares what. Names are full names without a leading dot. */
export class SymbolIndex {
  readonly #files: ReadonlyMap<string, DescribedFile>;
  readonly #symbols = new Map<string, string>();
  /** The extensions of each message by their numbers; of those without any, too. */
  readonly #extensions = new Map<string, Map<number, string>>();

  /** @param files - by their names */
  constructor(files: ReadonlyMap<string, DescribedFile>) {
    this.#files = files;
    for (const { descriptor } of files.values()) this.#addFile(descriptor);
  }

  /** The file of this name, if there is one. */
  file(name: string): DescribedFile | undefined {
    return this.#files.get(name);
  }

  /** The file that declares a service, method, message, field, oneof, enum, enum value or extension. */
  fileOfSymbol(name: string): DescribedFile | undefined {
    return this.#fileAt(this.#symbols.get(name));
  }

  /** The file that declares the extension of `message` with this number. */
  fileOfExtension(message: string, number: number): DescribedFile | undefined {
    return this.#fileAt(this.#extensions.get(message)?.get(number));
  }

  /** The numbers of all extensions of a message, ascending; undefined where there is no such message. */
  extensionNumbers(message: string): number[] | undefined {
    const extensions = this.#extensions.get(message);
    return extensions && [...extensions.keys()].sort((a, b) => a - b);
  }

  #fileAt(name: string | undefined): DescribedFile | undefined {
    return name === undefined ? undefined : this.#files.get(name);
  }

  #addFile(file: FileDescriptor): void {
    const { name, package: scope = '' } = file;
    for (const each of file.messageType) this.#addMessage(each, scope, name);
    for (const each of file.enumType) this.#addEnum(each, scope, name);
    for (const each of file.extension) this.#addExtension(each, scope, name);
    for (const service of file.service) {
      const inService = this.#add(service.name, scope, name);
      for (const method of service.method) this.#add(method.name, inService, name);
    }
  }

  #addMessage(message: MessageDescriptor, scope: string, file: string): void {
    const within = this.#add(message.name, scope, file);
    this.#extensionsOf(within);
    for (const each of [...message.field, ...message.oneofDecl]) this.#add(each.name, within, file);
    for (const each of message.nestedType) this.#addMessage(each, within, file);
    for (const each of message.enumType) this.#addEnum(each, within, file);
    for (const each of message.extension) this.#addExtension(each, within, file);
  }

  /** The values of an enum are beside it, not within, as in C. */
  #addEnum(definition: EnumDescriptor, scope: string, file: string): void {
    this.#add(definition.name, scope, file);
    for (const value of definition.value) this.#add(value.name, scope, file);
  }

  #addExtension(extension: FieldDescriptor, scope: string, file: string): void {
    this.#add(extension.name, scope, file);
    const extendee = (extension.extendee as string).slice(1);
    this.#extensionsOf(extendee).set(extension.number, file);
  }

  #extensionsOf(message: string): Map<number, string> {
    const known = this.#extensions.get(message);
    if (known !== undefined) return known;
    const extensions = new Map<number, string>();
    this.#extensions.set(message, extensions);
    return extensions;
  }

  /** @returns the full name */
  #add(name: string, scope: string, file: string): string {
    const full = scope === '' ? name : `${scope}.${name}`;
    if (!this.#symbols.has(full)) this.#symbols.set(full, file);
    return full;
  }
}
