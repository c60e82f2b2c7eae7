import { toJson } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

/** Without what is no part of the types: comments, the order of nested types, Google's own options. */
export function comparable(file: FileDescriptorProto): unknown {
  const json = toJson(FileDescriptorProtoSchema, file) as { [key: string]: unknown };
  delete json.sourceCodeInfo;
  // Imports of options are not loaded.
  delete json.optionDependency;
  if (file.package === 'google.protobuf') delete json.options;
  return JSON.parse(JSON.stringify(json), (key, value: unknown) => {
    // protobufjs drops the options of ranges.
    if (key === 'extensionRange') return (value as { start: number }[]).map(({ start }) => start);
    if (key !== 'nestedType') return value;
    return (value as { name: string }[]).sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}
