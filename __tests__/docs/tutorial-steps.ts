import type { Block, Page } from './markdown.js';

/** What a reader of the tutorial does at one block of it. */
export type Step =
  | { readonly kind: 'file'; readonly line: number; readonly path: string; readonly text: string }
  | CommandStep;

export interface CommandStep {
  readonly kind: 'commands';
  readonly line: number;
  readonly commands: readonly string[];
  /** What they print, where the page shows it. */
  readonly output: string | undefined;
  /** The reader leaves it running: the line above the block is `<!-- goes on -->`. */
  readonly goesOn: boolean;
}

/**
 * The steps of a page, in their order. `sh` blocks are commands, and the `text` block that comes next
 * is what they print. Every other block is a whole file, named in a comment on its first line.
 *
 * @throws Error, naming the line, for a block that is neither: nothing on the page goes untested
 */
export function stepsOf(page: Page): Step[] {
  const steps: Step[] = [];
  for (const [at, block] of page.blocks.entries()) {
    const { language, line } = block;
    if (language === 'sh') steps.push(commandsOf(page, block, page.blocks[at + 1]));
    else if (language !== 'text') steps.push(fileOf(page, block));
    else if (page.blocks[at - 1]?.language !== 'sh') {
      throw new Error(`${page.path}:${line}: nothing prints this: an sh block must come before it`);
    }
  }
  return steps;
}

function commandsOf(page: Page, { line, code }: Block, next: Block | undefined): CommandStep {
  const above = page.lines.slice(0, line - 1).findLast((text) => text !== '');
  return {
    kind: 'commands',
    line,
    commands: code,
    output: next?.language === 'text' ? next.code.join('\n') : undefined,
    goesOn: above === '<!-- goes on -->',
  };
}

function fileOf(page: Page, { line, code }: Block): Step {
  const path = /^\/\/ ([\w./-]+)$/.exec(code[0] ?? '')?.[1];
  if (path === undefined) {
    throw new Error(`${page.path}:${line}: the first line must name the file: // src/server.ts`);
  }
  return { kind: 'file', line, path, text: `${code.join('\n')}\n` };
}
