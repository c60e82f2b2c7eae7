import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { parseProto } from '../parse-proto.js';
import type { ProtoFile, ProtoFiles } from '../proto-file.js';
import { wellKnownFile } from '../well-known.js';
import { messageCodec } from '../wire/message-codec.js';
import { describeFile } from './describe-file.js';
import { OptionsWriter } from './describe-options.js';
import type { FileDescriptor } from './descriptor-types.js';
import { nameFiles } from './name-files.js';

/** A file as `google.protobuf.FileDescriptorProto`. */
export interface DescribedFile {
  readonly descriptor: FileDescriptor;
  /** The same in protobuf's wire format. */
  readonly bytes: Uint8Array;
}

/**
 * Describes the files of these schemas, imports included, as protoc would: each under a name of its
 * own, once, with all that it needs to be linked. Not `Root.toDescriptor()` of protobufjs, which
 * merges files by package, forgets their imports and misnames map entries.
 *
 * Custom options are written where their extensions are loaded, but for those of files.
 *
 * @returns the files by their names
 */
export function fileDescriptors(schemas: Iterable<ProtoFiles>): ReadonlyMap<string, DescribedFile> {
  const all = [...schemas];
  const names = nameFiles(all.flatMap(({ files }) => files));
  const described = new Map<string, DescribedFile>();
  for (const { root, files } of all) {
    const writer = descriptorRoot(root);
    const options = new OptionsWriter(writer);
    const codec = messageCodec<FileDescriptor>(
      writer.lookupType('google.protobuf.FileDescriptorProto'),
    );
    const definitions = definitionsByFile(root);
    for (const file of files) {
      const name = names.get(file.path) as string;
      if (described.has(name)) continue;
      const descriptor = describe(file);
      described.set(name, { descriptor, bytes: codec.encode(descriptor) });
    }

    function describe(file: ProtoFile): FileDescriptor {
      return describeFile(file, definitions.get(file.path) ?? [], names, options);
    }
  }
  return described;
}

/** What is defined at the top level of each file. */
function definitionsByFile(root: protobuf.Root): Map<string, protobuf.ReflectionObject[]> {
  const found = new Map<string, protobuf.ReflectionObject[]>();
  const collect = (namespace: protobuf.NamespaceBase): void => {
    for (const object of namespace.nestedArray) {
      if (object.constructor === protobuf.Namespace) collect(object as protobuf.Namespace);
      else if (object.filename) {
        const others = found.get(object.filename);
        if (others === undefined) found.set(object.filename, [object]);
        else others.push(object);
      }
    }
  };
  collect(root);
  return found;
}

/** Only a root that has descriptor.proto itself can have extended its options. */
function descriptorRoot(root: protobuf.Root): protobuf.Root {
  const own = root.lookup('google.protobuf.FileDescriptorProto', [protobuf.Type]);
  if (own !== null) return root;
  shared ??= parseDescriptorProto();
  return shared;
}

let shared: protobuf.Root | undefined;

function parseDescriptorProto(): protobuf.Root {
  const root = new protobuf.Root();
  const path = wellKnownFile('google/protobuf/descriptor.proto') as string;
  parseProto(root, path, readFileSync(path, 'utf8'));
  root.resolveAll();
  return root;
}
