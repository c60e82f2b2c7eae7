import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compile, type Mistake } from './compile.js';
import { type Page, readPage } from './markdown.js';
import { prepare, runPage } from './run-page.js';
import { type Snippet, snippetsOf } from './snippets.js';

const root = resolve(import.meta.dirname, '../..');
const pagesIn = (directory: string): string[] =>
  readdirSync(join(root, directory))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `${directory}/${name}`);
const read = (path: string): Page => readPage(root, path);

const pages = ['README.md', ...pagesIn('docs/guide')].map(read);
const fixtures = pagesIn('__tests__/docs/fixtures').map(read);

let outDir: string;
let mistakes: Mistake[];
const snippets = new Map<string, Snippet[]>();

beforeAll(() => {
  outDir = mkdtempSync(join(tmpdir(), 'tributary-docs-'));
  prepare(root, outDir);
  for (const page of [...pages, ...fixtures]) snippets.set(page.path, snippetsOf(page));
  mistakes = compile(root, [...snippets.values()].flat(), outDir);
}, 60_000);

afterAll(() => rmSync(outDir, { recursive: true, force: true }));

const mistakesOf = (page: Page): string[] =>
  mistakes.filter((mistake) => mistake.page === page.path).map(({ text }) => text);
const run = (page: Page, timeLimit?: number): Promise<string[]> =>
  runPage(page, snippets.get(page.path) as Snippet[], outDir, timeLimit);

describe.each(pages.map((page) => ({ path: page.path, page })))('the code of $path', ({ page }) => {
  it('is marked with a language that tells whether it runs', () => {
    const languages = new Set(page.blocks.map(({ language }) => language));
    expect(['ts', 'sh', 'text', 'proto', 'python']).toEqual(expect.arrayContaining([...languages]));
  });

  it('fits the types', () => expect(mistakesOf(page)).toEqual([]));

  it('runs and prints what it says', async () => expect(await run(page)).toEqual([]));
});

describe('the README', () => {
  it('begins with a server and a client that need nothing hidden', () => {
    const blocks = pages[0]!.blocks.filter(({ language }) => language === 'ts');
    expect(blocks[0]).toMatchObject({ hidden: undefined });
    expect(blocks[0]!.code.filter((line) => line !== '').length).toBeLessThanOrEqual(20);
    expect(blocks[1]!.section).toBeGreaterThan(blocks[0]!.section);
  });
});

describe('a page', () => {
  const fixture = (name: string): Page =>
    fixtures.find(({ path }) => path.endsWith(`/${name}.md`)) as Page;

  it('is found out when a snippet does not fit the types, by the line', () => {
    expect(mistakesOf(fixture('wrong-type'))).toEqual([
      "__tests__/docs/fixtures/wrong-type.md:8: TS2322: Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it.each([
    ['throws', 'throws.md failed with exit code 1'],
    ['throws', 'throws.md:9 did not run'],
    ['hangs', 'hangs.md awaits something that never comes (exit code 13)'],
    ['prints-other', 'prints-other.md:5 says it prints\n1\n2\nbut printed\n1\n3'],
    ['prints-other', 'prints-other.md:12 says it prints\nhello\nbut printed\ngoodbye'],
    ['prints-other', 'prints-other.md:20 says it prints\n\nbut printed\nunannounced'],
    ['rejects-unheard', 'rejects-unheard.md failed with exit code 1'],
  ])('is found out when a snippet %s: %s', async (name, said) => {
    expect(await run(fixture(name))).toContainEqual(expect.stringContaining(said));
  });

  it('is found out when what it started does not end', async () => {
    expect(await run(fixture('never-ends'), 1_000)).toEqual([
      '__tests__/docs/fixtures/never-ends.md was still running after 1000 ms',
    ]);
  });

  it('may share setup, continue itself and hide code', async () => {
    expect(mistakesOf(fixture('well'))).toEqual([]);
    expect(await run(fixture('well'))).toEqual([]);
  });
});
