import { create, createFileRegistry, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';

/** Descriptors as another library reads them. */
export function readDescriptors(files: Iterable<Uint8Array>): FileDescriptorProto[] {
  return [...files].map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
}

/** Links files as another library does; it throws for what does not fit together. */
export function link(files: readonly FileDescriptorProto[]): FileRegistry {
  const inOrder = new Set<FileDescriptorProto>();
  const add = (name: string, importer: string): void => {
    const file = files.find((each) => each.name === name);
    if (file === undefined) throw new Error(`${importer} imports ${name}, which is not there`);
    if (inOrder.has(file)) return;
    for (const dependency of file.dependency) add(dependency, name);
    inOrder.add(file);
  };
  for (const { name } of files) add(name, 'nobody');
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [...inOrder] }));
}
