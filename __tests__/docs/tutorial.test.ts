import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buildPackage, installPackage } from './install-package.js';
import { readPage } from './markdown.js';
import { TutorialReader } from './tutorial-reader.js';
import { stepsOf } from './tutorial-steps.js';

const root = resolve(import.meta.dirname, '../..');
let temporary: string;
let reader: TutorialReader | undefined;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'tributary-tutorial-'));
});

afterEach(async () => {
  await reader?.stop();
});

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** Does all that a page says; rejects at the first step that does something else. */
async function follow(path: string): Promise<TutorialReader> {
  const library = join(temporary, 'library');
  const folder = mkdtempSync(join(temporary, 'empty-'));
  reader = new TutorialReader(path, folder, (project, packages) => {
    for (const name of packages) installPackage(project, name, library);
  });
  for (const step of stepsOf(readPage(root, path))) await reader.take(step);
  return reader;
}

describe('docs/tutorial.md', () => {
  beforeAll(() => buildPackage(join(temporary, 'library')), 60_000);

  it('does what it says, from the empty folder to the end', async () => {
    const followed = await follow('docs/tutorial.md');
    expect(await followed.stop()).toBe(1); // Ctrl+C ends the server
  }, 180_000);
});

describe('a tutorial', () => {
  it.each([
    ['prints-other', 'prints-other.md:3: it prints\ntwo\nbut it printed\none'],
    ['fails', 'fails.md:5: cat missing.txt ended with 1'],
    ['server-ends', 'server-ends.md:5: it prints\nlistening\nbut it printed\nno port'],
    ['unnamed', 'unnamed.md:3: the first line must name the file'],
    ['unprinted', 'unprinted.md:3: nothing prints this'],
  ])('is found out when it %s', async (name, said) => {
    await expect(follow(`__tests__/docs/fixtures/tutorial/${name}.md`)).rejects.toThrow(said);
  });
});
