import protobuf from 'protobufjs';
import type { ProtoFile } from '../proto-file.js';
import { describeEnum } from './describe-enum.js';
import { describeField } from './describe-field.js';
import { describeMessage, isExtension } from './describe-message.js';
import type { OptionsWriter } from './describe-options.js';
import { describeService } from './describe-service.js';
import type { FileDescriptor } from './descriptor-types.js';
import { type FileHeader, fileHeader } from './file-header.js';

/** One file. @param definitions - those at its top level */
export function describeFile(
  file: ProtoFile,
  definitions: readonly protobuf.ReflectionObject[],
  names: ReadonlyMap<string, string>,
  options: OptionsWriter,
): FileDescriptor {
  const header = fileHeader(file.source);
  const scope = definitions[0]?.parent ?? null;
  return {
    name: names.get(file.path) as string,
    package: header.package === '' ? undefined : header.package,
    ...describeImports(file, header, names),
    messageType: definitions
      .filter((each) => each instanceof protobuf.Type)
      .map((each) => describeMessage(each, options)),
    enumType: definitions
      .filter((each) => each instanceof protobuf.Enum)
      .map((each) => describeEnum(each, options)),
    service: definitions
      .filter((each) => each instanceof protobuf.Service)
      .map((each) => describeService(each, options)),
    extension: definitions.filter(isExtension).map((each) => describeField(each, options)),
    options: options.written('FileOptions', writtenOf(header.options), scope),
    ...describeEdition(header.edition),
  };
}

function describeImports(
  file: ProtoFile,
  header: FileHeader,
  names: ReadonlyMap<string, string>,
): Pick<FileDescriptor, 'dependency' | 'publicDependency' | 'weakDependency'> {
  // A weak import may be missing.
  const there = header.imports.filter(({ name }) => file.imports.has(name));
  const positions = (wanted: 'public' | 'weak'): number[] =>
    there.flatMap(({ kind }, position) => (kind === wanted ? position : []));
  return {
    dependency: there.map(({ name }) => names.get(file.imports.get(name) as string) as string),
    publicDependency: positions('public'),
    weakDependency: positions('weak'),
  };
}

function describeEdition(edition: string): Pick<FileDescriptor, 'syntax' | 'edition'> {
  if (edition === 'proto2') return { syntax: undefined, edition: undefined };
  if (edition === 'proto3') return { syntax: edition, edition: undefined };
  return { syntax: 'editions', edition: EDITIONS[edition] };
}

const EDITIONS: { readonly [edition: string]: number } = { 2023: 1000, 2024: 1001, 2026: 1002 };

/** Features have dotted names; those of extensions are left out. */
function writtenOf(options: FileHeader['options']): { readonly [name: string]: unknown }[] {
  const features: { [name: string]: unknown } = {};
  const written: { readonly [name: string]: unknown }[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (name.startsWith('features.')) features[name.slice('features.'.length)] = value;
    else written.push({ [name]: value });
  }
  return Object.keys(features).length === 0 ? written : [...written, { features }];
}
