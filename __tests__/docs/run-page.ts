import { execFile } from 'node:child_process';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from './markdown.js';
import { printedOutput, type Snippet, statedOutput } from './snippets.js';

/** How long a page may run, in milliseconds; what it started must have ended by then, too. */
const TIME_LIMIT = 8_000;

const RUNNER = 'for (const url of process.argv.slice(1)) await import(url);';

/** Makes the directory that compiled pages run in: a package that may import itself by its name. */
export function prepare(root: string, outDir: string): void {
  const exports = { '.': './lib/index.js', './codegen': './lib/codegen/index.js' };
  const manifest = { name: 'tributary', type: 'module', exports };
  writeFileSync(join(outDir, 'package.json'), JSON.stringify(manifest));
  symlinkSync(join(root, 'node_modules'), join(outDir, 'node_modules'), 'junction');
  symlinkSync(join(root, 'proto'), join(outDir, 'proto'), 'junction');
}

/**
 * Runs the compiled sections of a page, one after the other, in one process of their own. Gives all
 * that was not as the page says; nothing if all was well.
 *
 * A `proto` block whose first line is a comment with a file name is there as that file; the `proto/`
 * of the repository is there, too.
 */
export async function runPage(
  page: Page,
  snippets: readonly Snippet[],
  outDir: string,
  timeLimit = TIME_LIMIT,
): Promise<string[]> {
  const cwd = mkdtempSync(join(outDir, 'run-'));
  symlinkSync(join(outDir, 'proto'), join(cwd, 'proto'), 'junction');
  for (const { language, code } of page.blocks) {
    const name = /^\/\/ ([\w-]+\.proto)$/.exec(code[0] ?? '')?.[1];
    if (language === 'proto' && name !== undefined) {
      writeFileSync(join(cwd, name), code.join('\n'));
    }
  }
  const urls = snippets.map(({ file }) =>
    pathToFileURL(join(outDir, file.replace(/ts$/, 'js'))).toString(),
  );
  const { failure, stdout, stderr } = await run(urls, cwd, timeLimit);
  const wrong = differences(page, stdout);
  if (stderr !== '') wrong.push(`${page.path} wrote to standard error:\n${stderr}`);
  if (failure !== undefined) wrong.push(`${page.path} ${failure}`);
  return wrong;
}

function run(
  urls: string[],
  cwd: string,
  timeout: number,
): Promise<{ failure: string | undefined; stdout: string; stderr: string }> {
  const args = ['--enable-source-maps', '--input-type=module', '--eval', RUNNER, ...urls];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, timeout }, (error, stdout, stderr) => {
      let failure: string | undefined;
      if (error?.killed) failure = `was still running after ${timeout} ms`;
      else if (error?.code === 13) failure = 'awaits something that never comes (exit code 13)';
      else if (error) failure = `failed with exit code ${error.code}`;
      resolve({ failure, stdout, stderr });
    });
  });
}

function differences(page: Page, stdout: string): string[] {
  const wrong: string[] = [];
  const printed = printedOutput(stdout);
  for (const block of page.blocks) {
    if (block.language !== 'ts') continue;
    const where = `${page.path}:${block.line}`;
    const runs = printed.filter(({ line }) => line === block.line);
    if (runs.length === 0 && block.hidden === undefined) wrong.push(`${where} did not run`);
    const stated = statedOutput(page, block);
    for (const { text } of runs) {
      if (text !== stated) wrong.push(`${where} says it prints\n${stated}\nbut printed\n${text}`);
    }
  }
  return wrong;
}
