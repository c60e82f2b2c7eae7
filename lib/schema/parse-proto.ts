import protobuf from 'protobufjs';
import { keepExactDefaults } from './exact-defaults.js';
import { syntaxWords } from './syntax-words.js';

// Where protobufjs looks up the file that definitions come from; its typings leave it out.
const parser = protobuf.parse as { filename?: string | null };

/** What a file imports. */
export interface ProtoImports {
  readonly imports: readonly string[];
  /** Those that may be missing. */
  readonly weakImports: readonly string[];
}

/** Why a file cannot be parsed, and the line where it is known. */
export class ProtoParseError extends Error {
  readonly path: string;
  readonly line: number | undefined;
  readonly reason: string;

  constructor(path: string, line: number | undefined, reason: string, cause: unknown) {
    super(`${line === undefined ? path : `${path}:${line}`}: ${reason}`, { cause });
    this.path = path;
    this.line = line;
    this.reason = reason;
  }
}

/**
 * Adds the definitions of a file to `root`.
 *
 * @throws ProtoParseError with the file and the line, when it is not valid
 */
export function parseProto(root: protobuf.Root, path: string, source: string): ProtoImports {
  parser.filename = path;
  try {
    // Names are kept as declared: the codec makes its own lowerCamel of them.
    const parsed = protobuf.parse(keepExactDefaults(source), root, {
      keepCase: true,
      alternateCommentMode: true,
    });
    claim(root, parsed.package ?? '', path);
    return { imports: parsed.imports ?? [], weakImports: parsed.weakImports ?? [] };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const line = /\(.*line (\d+)\)$/.exec(message)?.[1];
    const reason = syntaxWords(message.replace(/ \([^()]*line \d+\)$/, ''));
    throw new ProtoParseError(path, line === undefined ? undefined : Number(line), reason, cause);
  } finally {
    parser.filename = null;
  }
}

/**
 * Says of the definitions in a package that belong to no file that this is theirs. protobufjs does
 * not for those it has in memory, nor behind `reserved` names without quotes.
 */
export function claim(root: protobuf.Root, packageName: string, file: string): void {
  const within = packageName === '' ? root : root.lookup(packageName);
  for (const definition of (within as protobuf.Namespace).nestedArray) definition.filename ??= file;
}
