import protobuf from 'protobufjs';
import type { ProtoFile } from '../schema/proto-file.js';
import { type Definitions, fileOf } from './definitions.js';
import { wellKnownName } from './place-files.js';

/**
 * The files to generate modules of: all but those of Google's that were not asked for, and that no
 * message or method needs, such as `descriptor.proto` where it is imported for options alone.
 */
export function modulesToMake(
  files: readonly ProtoFile[],
  entries: readonly string[],
  definitions: ReadonlyMap<string, Definitions>,
): ProtoFile[] {
  const wanted = new Set<string>();
  const want = (path: string) => {
    if (wanted.has(path)) return;
    wanted.add(path);
    for (const type of referredTo(definitions.get(path))) want(fileOf(type));
  };
  for (const file of files) {
    if (wellKnownName(file) === undefined || entries.includes(file.path)) want(file.path);
  }
  return files.filter(({ path }) => wanted.has(path));
}

function* referredTo(own: Definitions | undefined): Generator<protobuf.ReflectionObject> {
  for (const type of own?.types ?? []) {
    if (!(type instanceof protobuf.Type)) continue;
    for (const { resolvedType, declaringField } of type.fieldsArray) {
      const isOwn = !declaringField || fileOf(declaringField) === fileOf(type);
      if (resolvedType !== null && isOwn) yield resolvedType;
    }
  }
  for (const { methodsArray } of own?.services ?? []) {
    for (const { resolvedRequestType, resolvedResponseType } of methodsArray) {
      if (resolvedRequestType !== null) yield resolvedRequestType;
      if (resolvedResponseType !== null) yield resolvedResponseType;
    }
  }
}
