import { stat } from 'node:fs/promises';
import { checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import { CodegenError } from './codegen-error.js';
import { definitionsOf } from './definitions.js';
import { FileNames } from './file-names.js';
import { findFiles } from './find-files.js';
import type { GeneratedFile } from './generated-file.js';
import { leftOut } from './left-out.js';
import { type CheckedProtos, loadChecked } from './load-checked.js';
import { type GeneratedModule, ModuleScope } from './module-scope.js';
import { modulesToMake } from './modules-to-make.js';
import { placeFiles } from './place-files.js';
import { printModule } from './print-module.js';
import type { Problem } from './problem.js';
import { shownPath } from './shown-path.js';

/** How to generate. */
export interface GenerateOptions {
  /** The directories that imports are looked up in first, as protoc's `-I`; relative to the working directory. */
  readonly includeDirs?: readonly string[] | undefined;
  /** Told the path of each `.proto` that is read, as it is read. */
  readonly onFile?: ((path: string) => void) | undefined;
}

/** What was generated. */
export interface Generated {
  /** By ascending path. */
  readonly files: readonly GeneratedFile[];
  /** What the files have that generated code does not: not wrong, but good to know. */
  readonly leftOut: readonly Problem[];
}

/**
 * Generates a TypeScript module of each `.proto` file, and of those that they import; of Google's
 * well-known files only where a message needs them. Writes nothing; the same files give the same
 * texts.
 *
 * @param files - paths; globs with `*`, `**`, `?` and `{a,b}`; or directories, for all below them
 * @throws TypeError for arguments of a wrong type; CodegenError naming file and line of all that is
 *   wrong in the files
 */
export async function generate(
  files: string | readonly string[],
  options: GenerateOptions = {},
): Promise<Generated> {
  checkOptions('generate()', options, ['includeDirs', 'onFile']);
  const { includeDirs = [], onFile = () => {} } = options;
  const patterns = typeof files === 'string' ? [files] : files;
  checkStrings('files', patterns);
  checkStrings('includeDirs', includeDirs);
  if (patterns.length === 0) throw new TypeError('files must name at least one .proto file');
  await refuseMissing(includeDirs);
  const found = await findFiles(patterns);
  const protos = await loadChecked(found.files, includeDirs, onFile);
  return print(protos, await placeFiles(protos.schema.files, includeDirs, found.searched));
}

function print(
  { schema, scans, entries }: CheckedProtos,
  placed: ReadonlyMap<string, string>,
): Generated {
  const definitions = definitionsOf(schema.root);
  const none = { types: [], services: [], extensions: [] };
  const ownOf = (path: string) => definitions.get(path) ?? none;
  const made = modulesToMake(schema.files, entries, definitions);
  const modules = new Map<string, GeneratedModule>();
  for (const { path } of made) {
    const protoName = placed.get(path) as string;
    const names = new FileNames(protoName, ownOf(path));
    modules.set(path, { protoName, path: protoName.replace(/(\.proto)?$/, '.ts'), names });
  }
  refuseSamePaths(modules);
  const files = made.map((file): GeneratedFile => {
    const module = modules.get(file.path) as GeneratedModule;
    const text = printModule(file, ownOf(file.path), new ModuleScope(module, modules));
    return { path: module.path, text };
  });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, leftOut: leftOut(definitions, scans) };
}

async function refuseMissing(includeDirs: readonly string[]): Promise<void> {
  const problems: Problem[] = [];
  for (const file of includeDirs) {
    const info = await stat(file).catch(() => undefined);
    if (info?.isDirectory()) continue;
    problems.push({ file, line: undefined, text: 'there is no such directory to include' });
  }
  if (problems.length > 0) throw new CodegenError(problems);
}

function refuseSamePaths(modules: ReadonlyMap<string, GeneratedModule>): void {
  const seen = new Map<string, string>();
  for (const [file, { path }] of modules) {
    const other = seen.get(path.toLowerCase());
    if (other !== undefined) {
      const text = `becomes ${path}, as ${shownPath(other)} does; name other --include directories`;
      throw new CodegenError([{ file: shownPath(file), line: undefined, text }]);
    }
    seen.set(path.toLowerCase(), file);
  }
}

function checkStrings(what: string, values: unknown): asserts values is readonly string[] {
  if (Array.isArray(values) && values.every((each) => typeof each === 'string' && each !== '')) {
    return;
  }
  throw new TypeError(`${what} must be strings, got ${describeValue(values)}`);
}
