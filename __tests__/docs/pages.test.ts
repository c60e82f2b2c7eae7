import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Page, readPage } from './markdown.js';

const root = resolve(import.meta.dirname, '../..');
const paths = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];
const pages = paths.map((path) => ({ path, page: readPage(root, path) }));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** The targets of the page's links, those to other sites left out. */
function linksOf({ prose }: Page): string[] {
  const links = [...prose.join('\n').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
  return links.filter((link) => !/^https?:/.test(link));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf({ prose }: Page): string[] {
  return prose
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

function resolveLink(page: Page, link: string): { path: string; anchor: string | undefined } {
  const [file, anchor] = link.split('#');
  return { path: file === '' ? page.path : normalize(join(dirname(page.path), file!)), anchor };
}

function isThere(page: Page, link: string): boolean {
  const { path, anchor } = resolveLink(page, link);
  if (!existsSync(join(root, path))) return false;
  return anchor === undefined || anchorsOf(readPage(root, path)).includes(anchor);
}

/** What stands in backquotes and looks like a path of this repository. */
function pathsNamedIn({ prose }: Page): string[] {
  return [...prose.join('\n').matchAll(/`([^`\s]+)`/g)]
    .map((match) => match[1]!)
    .filter((word) => /^(lib|docs|samples|proto|bench|__tests__|\.config|\.ci)\//.test(word));
}

describe.each(pages)('$path', ({ page }) => {
  it('links only to what is there', () => {
    expect(linksOf(page).filter((link) => !isThere(page, link))).toEqual([]);
  });

  it('names only files that are there', () => {
    expect(pathsNamedIn(page).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only scripts that are there', () => {
    const named = [...page.lines.join('\n').matchAll(/npm run ([\w:]+)/g)].map((m) => m[1]!);
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });

  it('has no line longer than its width, tables and text blocks aside', () => {
    const long = page.prose.filter((line) => line.length > 120 && !line.startsWith('|'));
    expect(long).toEqual([]);
  });
});

describe('the pages', () => {
  it('can all be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const path of reached) {
      const page = readPage(root, path);
      for (const link of linksOf(page)) {
        const { path: target } = resolveLink(page, link);
        if (target.endsWith('.md')) reached.add(target);
      }
    }
    expect(paths.filter((path) => !reached.has(path))).toEqual([]);
  });
});

describe('docs/decisions/dependencies.md', () => {
  const text = readFileSync(join(root, 'docs/decisions/dependencies.md'), 'utf8');
  const [runTime, development] = text.split('## For development') as [string, string];
  const rows = (part: string) => [...part.matchAll(/^\| `([^`]+)` \| .+ \|$/gm)].map((m) => m[1]);

  it('has a line for every run-time dependency, and for no other', () => {
    expect(rows(runTime)).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('has a line for every development dependency, and for no other', () => {
    expect(rows(development)).toEqual(Object.keys(manifest.devDependencies).sort());
  });
});
