import type { Block, Page } from './markdown.js';

/** The code of one section of a page, as a module of its own. */
export interface Snippet {
  readonly page: Page;
  readonly file: string;
  readonly source: string;
}

/** Begins a line of output that says which block comes next. */
export const MARK = '\u0000';

/**
 * A module for every section with code. Blocks of a section continue one another, and it begins
 * with the hidden `setup` code of the sections before it.
 *
 * The module has the lines of its page, with all that is not its code left empty: so line numbers in
 * errors are those of the page. Where a block opens, it prints a mark.
 */
export function snippetsOf(page: Page): Snippet[] {
  const code = page.blocks.filter((block) => block.language === 'ts');
  const sections = new Set(code.filter((block) => !block.hidden).map((block) => block.section));
  return [...sections].map((section) => {
    const lines = page.lines.map(() => '');
    for (const block of code) {
      const isSetup = block.hidden === 'setup';
      if (isSetup ? block.section >= section : block.section !== section) continue;
      lines[block.line - 1] = `process.stdout.write('\\u0000${block.line}\\n');`;
      for (const [i, text] of block.code.entries()) lines[block.line + i] = text;
    }
    return { page, file: `${page.path}.${section}.ts`, source: lines.join('\n') };
  });
}

/**
 * What a block says it prints: the `text` block that follows it with nothing but blank lines
 * between, else its comments `// prints …` in their order. A block that says nothing prints nothing.
 */
export function statedOutput(page: Page, block: Block): string {
  const end = block.line + block.code.length + 1;
  const next = page.blocks.find((other) => other.line > block.line);
  const adjacent =
    next !== undefined &&
    page.lines
      .slice(end, next.line - 1)
      .join('')
      .trim() === '';
  if (adjacent && next.language === 'text') return next.code.join('\n');
  return block.code
    .map((line) => /\/\/ prints (.*)$/.exec(line)?.[1])
    .filter((said) => said !== undefined)
    .join('\n');
}

/** What was printed, block by block, after the line of each block. */
export function printedOutput(stdout: string): { line: number; text: string }[] {
  return stdout
    .split(MARK)
    .slice(1)
    .map((part) => {
      const lineEnd = part.indexOf('\n');
      return { line: Number(part.slice(0, lineEnd)), text: part.slice(lineEnd + 1).trimEnd() };
    });
}
