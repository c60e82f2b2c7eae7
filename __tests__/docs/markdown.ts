import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Code of a page: fenced, or hidden in a comment. */
export interface Block {
  /** `ts`, `sh`, …: what stands behind the fence. Hidden code is `ts`. */
  readonly language: string;
  /** Hidden code belongs to its own section (`run`) or to all later ones (`setup`). */
  readonly hidden: 'setup' | 'run' | undefined;
  /** The line of the opening fence or comment, counted from 1. */
  readonly line: number;
  readonly code: readonly string[];
  /** Which section it is in, counted from 0. */
  readonly section: number;
}

/** A Markdown page, as far as its code, headings and links matter. */
export interface Page {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
  /** The lines outside of code and comments, as they are; the others are empty. */
  readonly prose: readonly string[];
}

/**
 * Reads a page. A section begins at every heading of level 2 or deeper.
 *
 * @throws Error, naming the line, for a fence that is not at the start of its line, has no language
 *   or is never closed: such a block could be left out of the tests by mistake
 */
export function readPage(root: string, path: string): Page {
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const blocks: Block[] = [];
  const prose = lines.map(() => '');
  let section = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const opening = opens(line);
    if (opening === undefined) {
      if (/^\s*(```|~~~)/.test(line)) {
        throw new Error(`${path}:${at + 1}: a fence must be \`\`\` and a language, not indented`);
      }
      if (/^#{2,} /.test(line)) section += 1;
      prose[at] = line;
      continue;
    }
    const end = lines.indexOf(opening.end, at + 1);
    if (end === -1) throw new Error(`${path}:${at + 1}: this block is never closed`);
    const { language, hidden } = opening;
    blocks.push({ language, hidden, line: at + 1, code: lines.slice(at + 1, end), section });
    at = end;
  }
  return { path, lines, blocks, prose };
}

function opens(
  line: string,
): { language: string; hidden: Block['hidden']; end: string } | undefined {
  const hidden = /^<!-- (setup|run)$/.exec(line)?.[1];
  if (hidden !== undefined) {
    return { language: 'ts', hidden: hidden as Block['hidden'], end: '-->' };
  }
  const language = /^```(\w+)$/.exec(line)?.[1];
  return language === undefined ? undefined : { language, hidden: undefined, end: '```' };
}
