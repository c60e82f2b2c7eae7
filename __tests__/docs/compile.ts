import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import type { Snippet } from './snippets.js';

/** A mistake that the compiler found: `docs/guide/streams.md:12: …`. */
export interface Mistake {
  readonly page: string;
  readonly text: string;
}

/**
 * Checks all snippets in one program, under the options of the repository, and writes them as
 * JavaScript to `outDir`, the library beside them.
 */
export function compile(root: string, snippets: readonly Snippet[], outDir: string): Mistake[] {
  const sources = new Map(snippets.map((snippet) => [join(root, snippet.file), snippet.source]));
  const options: ts.CompilerOptions = {
    ...repositoryOptions(root),
    noEmit: false,
    outDir,
    inlineSourceMap: true,
    moduleDetection: ts.ModuleDetectionKind.Force,
    // A snippet may show more than it uses.
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const host = withSources(ts.createCompilerHost(options), sources);
  const program = ts.createProgram([...sources.keys()], options, host);
  program.emit();
  return snippets.flatMap(({ page, file }) => {
    const sourceFile = program.getSourceFile(join(root, file));
    return [
      ...program.getOptionsDiagnostics(),
      ...program.getSyntacticDiagnostics(sourceFile),
      ...program.getSemanticDiagnostics(sourceFile),
    ].map((diagnostic) => ({ page: page.path, text: describe(root, page.path, diagnostic) }));
  });
}

function repositoryOptions(root: string): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  if (error !== undefined) throw new Error(describe(root, 'tsconfig.json', error));
  return ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root).options;
}

function withSources(host: ts.CompilerHost, sources: ReadonlyMap<string, string>): ts.CompilerHost {
  const { fileExists, readFile, getSourceFile } = host;
  return {
    ...host,
    fileExists: (path) => sources.has(resolve(path)) || fileExists(path),
    readFile: (path) => sources.get(resolve(path)) ?? readFile(path),
    getSourceFile(path, target, ...rest) {
      const source = sources.get(resolve(path));
      if (source === undefined) return getSourceFile(path, target, ...rest);
      return ts.createSourceFile(path, source, target);
    },
  };
}

function describe(root: string, page: string, diagnostic: ts.Diagnostic): string {
  const { file, start, messageText, code } = diagnostic;
  const text = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  if (file === undefined || start === undefined) return `${page}: ${text}`;
  const line = file.getLineAndCharacterOfPosition(start).line + 1;
  const where = file.fileName.includes('.md.') ? page : relative(root, file.fileName);
  return `${where}:${line}: ${text}`;
}
