import protobuf from 'protobufjs';
import { fullName } from './wire/message-shape.js';

/** Everything declared in a set of files, by full name. */
export interface Declarations {
  readonly services: ReadonlyMap<string, protobuf.Service>;
  readonly messages: ReadonlyMap<string, protobuf.Type>;
  readonly enums: ReadonlyMap<string, protobuf.Enum>;
}

/**
 * Resolves all references among the definitions of `root` and lists them.
 *
 * @param own - the paths of the files to list the definitions of; without them, of all
 * @throws Error naming the field or method and the type that it cannot find
 */
export function resolveSchema(root: protobuf.Root, own?: ReadonlySet<string>): Declarations {
  const found = {
    services: new Map<string, protobuf.Service>(),
    messages: new Map<string, protobuf.Type>(),
    enums: new Map<string, protobuf.Enum>(),
  };
  collect(root, found, own);
  try {
    root.resolveAll();
  } catch (cause) {
    // protobufjs says which type is missing, not which field wants it.
    for (const type of found.messages.values()) type.fieldsArray.forEach(resolveField);
    for (const service of found.services.values()) service.methodsArray.forEach(resolveMethod);
    throw cause;
  }
  return found;
}

function collect(
  namespace: protobuf.NamespaceBase,
  found: { [Kind in keyof Declarations]: Map<string, protobuf.ReflectionObject> },
  own: ReadonlySet<string> | undefined,
): void {
  for (const object of namespace.nestedArray) {
    const isPackage = object.constructor === protobuf.Namespace;
    if (own !== undefined && !isPackage && !own.has(object.filename ?? '')) continue;
    if (object instanceof protobuf.Enum) found.enums.set(fullName(object), object);
    else if (object instanceof protobuf.Service) found.services.set(fullName(object), object);
    else if (object instanceof protobuf.Type) found.messages.set(fullName(object), object);
    // What lies in a definition is in the file that it is in.
    if (object instanceof protobuf.Namespace) {
      collect(object, found, isPackage ? own : undefined);
    }
  }
}

function resolveField(field: protobuf.Field): void {
  try {
    field.resolve();
  } catch (cause) {
    const file = field.filename ?? field.parent?.filename;
    const text = `${fullName(field)}: cannot find the type ${field.type}${inFile(file)}`;
    throw new Error(text, { cause });
  }
}

function resolveMethod(method: protobuf.Method): void {
  try {
    method.resolve();
  } catch (cause) {
    const { parent, requestType, responseType } = method;
    const missing = parent?.lookup(requestType, [protobuf.Type]) ? responseType : requestType;
    const file = method.filename ?? parent?.filename;
    const text = `${fullName(method)}: cannot find the message ${missing}${inFile(file)}`;
    throw new Error(text, { cause });
  }
}

function inFile(file: string | null | undefined): string {
  return file ? ` (in ${file})` : '';
}
