import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const generated = fileURLToPath(new URL('generated/', import.meta.url));

/** The strictest that a project may be; what the library itself asks for is left to it. */
const STRICTEST: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  paths: { tributary: [join(root, 'lib/index.ts')] },
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  noUncheckedSideEffectImports: true,
};

it('generated code compiles under the strictest flags', () => {
  const files = readdirSync(generated, { recursive: true })
    .map((file) => join(generated, String(file)))
    .filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(10);
  const program = ts.createProgram(files, STRICTEST);
  const mistakes = files.flatMap((file) => {
    const source = program.getSourceFile(resolve(file));
    return [
      ...program.getOptionsDiagnostics(),
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
  expect(mistakes).toEqual([]);
}, 60_000);

it('each module says nothing that a tool for one file at a time cannot strip', () => {
  for (const file of readdirSync(generated, { recursive: true }).map(String)) {
    if (!file.endsWith('.ts')) continue;
    const { diagnostics, outputText } = ts.transpileModule(
      readFileSync(join(generated, file), 'utf8'),
      { compilerOptions: STRICTEST, reportDiagnostics: true },
    );
    expect(diagnostics).toEqual([]);
    expect(outputText).not.toContain('interface');
  }
});
