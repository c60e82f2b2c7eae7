import { type DescribedFile, fileDescriptors } from '../../schema/descriptors/file-descriptors.js';
import type { ServerCore } from '../../server/server.js';
import { RpcError } from '../../status/rpc-error.js';
import { Status } from '../../status/status.js';
import type { ReflectionAnswer, ReflectionRequest } from './reflection-service.js';
import { SymbolIndex } from './symbol-index.js';

/** Answers questions about the services of a server, those added later included. */
export class Reflector {
  readonly #server: ServerCore;
  #index: SymbolIndex | undefined;
  #indexed = 0;

  constructor(server: ServerCore) {
    this.#server = server;
  }

  /**
   * Answers one question.
   *
   * @param sent - the names of the files that this client has; those that it is sent are added
   * @throws {RpcError} INVALID_ARGUMENT for a question of no kind that there is
   */
  answer(request: ReflectionRequest, sent: Set<string>): ReflectionAnswer {
    const { fileByFilename, fileContainingSymbol, fileContainingExtension } = request;
    if (request.listServices !== undefined) return this.#listServices();
    if (fileByFilename !== undefined) {
      const file = this.#symbols().file(fileByFilename);
      return this.#files(file, sent, `there is no file ${fileByFilename}`);
    }
    if (fileContainingSymbol !== undefined) {
      const file = this.#symbols().fileOfSymbol(bare(fileContainingSymbol));
      return this.#files(file, sent, this.#whyNoSymbol(bare(fileContainingSymbol)));
    }
    if (fileContainingExtension !== undefined) {
      const { containingType, extensionNumber } = fileContainingExtension;
      const file = this.#symbols().fileOfExtension(bare(containingType), extensionNumber);
      const what = `${bare(containingType)} has no extension ${extensionNumber}`;
      return this.#files(file, sent, what);
    }
    if (request.allExtensionNumbersOfType !== undefined) {
      return this.#extensionNumbers(bare(request.allExtensionNumbersOfType));
    }
    throw new RpcError(Status.INVALID_ARGUMENT, 'the reflection request asks for nothing known');
  }

  #listServices(): ReflectionAnswer {
    const service = this.#server.services.map(({ name }) => ({ name }));
    return { listServicesResponse: { service } };
  }

  #extensionNumbers(baseTypeName: string): ReflectionAnswer {
    const extensionNumber = this.#symbols().extensionNumbers(baseTypeName);
    return extensionNumber === undefined
      ? notFound(`there is no message ${baseTypeName}`)
      : { allExtensionNumbersResponse: { baseTypeName, extensionNumber } };
  }

  /** A file, and of those that it needs the ones that the client does not have. */
  #files(file: DescribedFile | undefined, sent: Set<string>, orElse: string): ReflectionAnswer {
    if (file === undefined) return notFound(orElse);
    const wanted = [file];
    sent.add(file.descriptor.name);
    for (const { descriptor } of wanted) {
      for (const name of descriptor.dependency) {
        const dependency = sent.has(name) ? undefined : this.#symbols().file(name);
        if (dependency === undefined) continue;
        sent.add(name);
        wanted.push(dependency);
      }
    }
    return { fileDescriptorResponse: { fileDescriptorProto: wanted.map(({ bytes }) => bytes) } };
  }

  #whyNoSymbol(symbol: string): string {
    const byHand = this.#server.services.find(
      ({ name, schema }) =>
        schema === undefined && (symbol === name || symbol.startsWith(`${name}.`)),
    );
    return byHand === undefined
      ? `there is no symbol ${symbol}`
      : `${byHand.name} is written by hand, with codecs of its own: it has no .proto`;
  }

  /** Made when first asked for, and anew when there are more services. */
  #symbols(): SymbolIndex {
    const { services } = this.#server;
    if (this.#index === undefined || this.#indexed !== services.length) {
      const schemas = new Set(services.flatMap(({ schema }) => schema ?? []));
      this.#index = new SymbolIndex(fileDescriptors(schemas));
      this.#indexed = services.length;
    }
    return this.#index;
  }
}

function notFound(errorMessage: string): ReflectionAnswer {
  return { errorResponse: { errorCode: Status.NOT_FOUND, errorMessage } };
}

/** Some clients write full names with a leading dot. */
function bare(name: string): string {
  return name.startsWith('.') ? name.slice(1) : name;
}
