import { relative, sep } from 'node:path';
import { ProtoNotFoundError } from '../schema/find-proto.js';
import { ProtoParseError } from '../schema/parse-proto.js';
import { ProtoLoader } from '../schema/proto-loader.js';
import { ProtoSchema } from '../schema/proto-schema.js';
import { UnresolvedTypeError } from '../schema/resolve-schema.js';
import { checkProto } from './check-proto.js';
import { checkReferences } from './check-references.js';
import { CodegenError } from './codegen-error.js';
import type { Problem } from './problem.js';
import { scanProto } from './scan-proto.js';
import type { ScannedProto } from './scanned-proto.js';

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
    throw new CodegenError(shown(problemsOf(error, scans)), error);
  }
  const problems = [...scans.values()].flatMap(checkProto);
  if (problems.length === 0) problems.push(...checkReferences(schema, scans));
  if (problems.length > 0) throw new CodegenError(shown(problems));
  return { schema, scans, entries };
}

function problemsOf(error: unknown, scans: ReadonlyMap<string, ScannedProto>): Problem[] {
  const found = [...scans.values()].flatMap(checkProto);
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
  if (error instanceof UnresolvedTypeError) return [missingType(error, scans)];
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

/** What one file cannot declare because another has. */
function elsewhere(error: ProtoParseError, scans: ReadonlyMap<string, ScannedProto>): Problem {
  const own = scans.get(error.path)?.blocks.filter(({ kind }) => kind !== 'extend') ?? [];
  for (const block of own) {
    for (const { path, blocks } of scans.values()) {
      const other =
        path === error.path ? undefined : blocks.find((b) => b.fullName === block.fullName);
      if (other === undefined || other.kind === 'extend') continue;
      const place = `${shownPath(path)}:${other.line}`;
      const text = `${block.fullName} is declared at ${place}, too; rename one, or generate them apart`;
      return { file: error.path, line: block.line, text };
    }
  }
  return { file: error.path, line: error.line, text: error.reason };
}

function missingType(
  error: UnresolvedTypeError,
  scans: ReadonlyMap<string, ScannedProto>,
): Problem {
  const text = `${error.user}: there is no type ${error.type}; is an import missing?`;
  for (const { path, blocks } of scans.values()) {
    for (const { fullName, fields, methods } of blocks) {
      const user = [...fields, ...methods].find(({ name }) => `${fullName}.${name}` === error.user);
      if (user !== undefined) return { file: path, line: user.line, text };
    }
  }
  return { file: error.user, line: undefined, text: error.message };
}

function shown(problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, file: shownPath(problem.file) }));
}

/** From the working directory, where it is below that. */
export function shownPath(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near.split(sep).join('/');
}
