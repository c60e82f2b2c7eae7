import protobuf from 'protobufjs';

/** What a file declares, in its order, nested types behind those around them. */
export interface Definitions {
  readonly types: readonly (protobuf.Type | protobuf.Enum)[];
  readonly services: readonly protobuf.Service[];
  readonly extensions: readonly protobuf.Field[];
}

/** What each file declares, by the paths of the files. */
export function definitionsOf(root: protobuf.Root): ReadonlyMap<string, Definitions> {
  const found = new Map<string, Collected>();
  for (const object of topLevel(root)) {
    const file = object.filename ?? '';
    const own = found.get(file) ?? { types: [], services: [], extensions: [] };
    found.set(file, own);
    collect(object, own);
  }
  return found;
}

/** The path of the file that a definition is in. */
export function fileOf(object: protobuf.ReflectionObject): string {
  let top = object;
  while (top.parent !== null && top.parent.constructor !== protobuf.Namespace) {
    if (top.parent instanceof protobuf.Root) break;
    top = top.parent;
  }
  return top.filename ?? '';
}

interface Collected {
  readonly types: (protobuf.Type | protobuf.Enum)[];
  readonly services: protobuf.Service[];
  readonly extensions: protobuf.Field[];
}

function* topLevel(namespace: protobuf.NamespaceBase): Generator<protobuf.ReflectionObject> {
  for (const object of namespace.nestedArray) {
    if (object.constructor === protobuf.Namespace) yield* topLevel(object as protobuf.Namespace);
    else yield object;
  }
}

function collect(object: protobuf.ReflectionObject, own: Collected): void {
  if (object instanceof protobuf.Service) own.services.push(object);
  else if (object instanceof protobuf.Field) own.extensions.push(object);
  else if (object instanceof protobuf.Enum) own.types.push(object);
  else if (object instanceof protobuf.Type) {
    own.types.push(object);
    for (const nested of object.nestedArray) collect(nested, own);
  }
}
