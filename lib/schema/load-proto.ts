import { fileURLToPath } from 'node:url';
import { describeValue } from '../base/describe-value.js';
import { ProtoLoader } from './proto-loader.js';
import { ProtoSchema } from './proto-schema.js';

/** How to load `.proto` files. */
export interface LoadOptions {
  /** The directories that imports are looked up in first, as protoc's `-I`; relative to the working directory. */
  includeDirs?: readonly (string | URL)[];
}

/**
 * Loads `.proto` files and all that they import.
 *
 * A path is relative to the working directory (or to an include directory); a `file:` URL will do as
 * well. Imports are looked up in `includeDirs`, then beside the importing file and in the directories
 * above it. Google's well-known files (`google/protobuf/timestamp.proto` and so on) are built in.
 *
 * @throws TypeError for arguments of a wrong type; Error for a file that cannot be found (with all
 *   places looked at) or parsed (with the line), or a type that is missing (with the field)
 */
export async function loadProto(
  files: string | URL | readonly (string | URL)[],
  options: LoadOptions = {},
): Promise<ProtoSchema> {
  const entries = (Array.isArray(files) ? files : [files]).map((file) => toPath(file, 'files'));
  if (entries.length === 0) throw new TypeError('expected files to name at least one proto file');
  const loader = new ProtoLoader(includeDirsOf(options));
  for (const entry of entries) await loader.addEntry(entry);
  return new ProtoSchema(loader.root, loader.files);
}

function includeDirsOf(options: LoadOptions): string[] {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`expected options to be an object, got ${describeValue(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (key !== 'includeDirs')
      throw new TypeError(`unknown option ${key}; there is only includeDirs`);
  }
  const { includeDirs = [] } = options;
  if (!Array.isArray(includeDirs)) {
    throw new TypeError(
      `expected includeDirs to be an array of directories, got ${describeValue(includeDirs)}`,
    );
  }
  return includeDirs.map((dir) => toPath(dir, 'includeDirs'));
}

function toPath(file: unknown, what: string): string {
  if (file instanceof URL && file.protocol === 'file:') return fileURLToPath(file);
  if (typeof file === 'string' && file !== '')
    return file.startsWith('file:') ? fileURLToPath(file) : file;
  throw new TypeError(`expected ${what} to be paths or file: URLs, got ${describeValue(file)}`);
}
