import { ProtoNotFoundError } from '../schema/find-proto.js';
import { ProtoParseError } from '../schema/parse-proto.js';
import { ProtoLoader } from '../schema/proto-loader.js';
import { ProtoSchema } from '../schema/proto-schema.js';
import { checkImports } from './check-imports.js';
import { checkNames } from './check-names.js';
import { checkProto } from './check-proto.js';
import { checkReferences } from './check-references.js';
import { CodegenError } from './codegen-error.js';
import type { Problem } from './problem.js';
import { scanProto } from './scan-proto.js';
import type { ScannedProto } from './scanned-proto.js';
import { shownPath } from './shown-path.js';

/** Files that are in order, as they are parsed and as they are written. */
export interface CheckedProtos {
  readonly schema: ProtoSchema;
  /** By the paths of the files; Google's that are built in are not among them. */
  readonly scans: ReadonlyMap<string, ScannedProto>;
  /** The paths of the files that were asked for. */
  readonly entries: readonly string[];
}

/**
 * Loads files and all that they import, and checks what protobufjs does not.
 *
 * @param onFile - told the path of each file that is read, also when another is wrong
 * @throws CodegenError naming file and line of all that is wrong
 */
export async function loadChecked(
  files: readonly string[],
  includeDirs: readonly string[],
  onFile: (path: string) => void,
): Promise<CheckedProtos> {
  const scans = new Map<string, ScannedProto>();
  const onSource = (path: string, source: string) => {
    onFile(path);
    scans.set(path, scanProto(path, source));
  };
  const loader = new ProtoLoader(includeDirs, onSource);
  const entries: string[] = [];
  let schema: ProtoSchema;
  try {
    for (const file of files) entries.push(await loader.addEntry(file));
    schema = new ProtoSchema(loader.root, loader.files);
  } catch (error) {
    // What is wrong in the files behind it is to be told as well.
    for (const file of files) {
      await new ProtoLoader(includeDirs, onSource).addEntry(file).catch(() => undefined);
    }
    throw new CodegenError(shown(problemsOf(error, loader, scans)), error);
  }
  const problems = problemsIn(scans);
  if (problems.length === 0) {
    problems.push(...checkImports(schema.files, scans));
    problems.push(...checkReferences(schema.root, schema.files, scans));
  }
  if (problems.length > 0) throw new CodegenError(shown(problems));
  return { schema, scans, entries };
}

/** What can be seen in the texts alone, by file and line. */
function problemsIn(scans: ReadonlyMap<string, ScannedProto>): Problem[] {
  const found = [...[...scans.values()].flatMap(checkProto), ...checkNames(scans.values())];
  const files = [...scans.keys()];
  const order = (a: Problem, b: Problem) =>
    files.indexOf(a.file) - files.indexOf(b.file) || (a.line ?? 0) - (b.line ?? 0);
  return found.sort(order);
}

function problemsOf(
  error: unknown,
  { root, files }: ProtoLoader,
  scans: ReadonlyMap<string, ScannedProto>,
): Problem[] {
  const found = problemsIn(scans);
  if (error instanceof ProtoParseError && error.line !== undefined) {
    const { path: file, line, reason: text } = error;
    // The parser has stranger words for these.
    const own = found.filter(
      (each) => each.file === file && each.line === line && / the default must /.test(each.text),
    );
    const others = found.filter((problem) => problem.file !== file);
    return [...(own.length > 0 ? own : [{ file, line, text }]), ...others];
  }
  if (error instanceof ProtoNotFoundError) return [...found, missingFile(error, scans)];
  if (found.length > 0) return found;
  if (error instanceof ProtoParseError) return [elsewhere(error, scans)];
  // All files are there and can be parsed: what they refer to is not.
  const missing = checkReferences(root, files, scans);
  if (missing.length > 0) return missing;
  throw error;
}

function missingFile(error: ProtoNotFoundError, scans: ReadonlyMap<string, ScannedProto>): Problem {
  const importer = error.importer === undefined ? undefined : scans.get(error.importer);
  if (importer === undefined) return { file: error.file, line: undefined, text: error.message };
  const line = importer.imports.find(({ name }) => name === error.file)?.line;
  const places = error.message.slice(error.message.indexOf('; looked at') + 2);
  const text = `cannot find ${error.file}; name the directory that it is in with --include; ${places}`;
  return { file: importer.path, line, text };
}

/** What one file cannot have because another has: of types this has been told already. */
function elsewhere(error: ProtoParseError, scans: ReadonlyMap<string, ScannedProto>): Problem {
  const number = /^duplicate id (\d+) /.exec(error.reason)?.[1];
  const extended = scans.get(error.path)?.blocks.filter(({ kind }) => kind === 'extend') ?? [];
  const field = extended.flatMap(({ fields }) => fields).findLast((each) => each.number === number);
  if (field === undefined) return { file: error.path, line: error.line, text: error.reason };
  const text = `extend ${field.name}: another extension has the number ${number}; take another`;
  return { file: error.path, line: field.line, text };
}

function shown(problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, file: shownPath(problem.file) }));
}
