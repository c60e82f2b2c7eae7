/** Lines of the same text shown around a change. */
const AROUND = 3;

/** How a file differs from what it should be, in the unified format of `diff -u`. */
export function diff(path: string, found: string | undefined, wanted: string): string {
  const a = found === undefined ? [] : linesOf(found);
  const b = linesOf(wanted);
  const marked = [...compare(a, b)];
  const out = [`--- ${found === undefined ? '/dev/null' : path}`, `+++ ${path}`];
  for (const [start, end] of hunks(marked)) {
    const part = marked.slice(start, end);
    const before = marked.slice(0, start);
    out.push(`@@ -${span(before, part, '+')} +${span(before, part, '-')} @@`);
    for (const [sign, line] of part) out.push(`${sign}${line}`);
  }
  return out.join('\n');
}

type Sign = ' ' | '-' | '+';
type Marked = readonly [sign: Sign, line: string];

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * What both begin and end with is the same; of what lies between, the longest common subsequence
 * is, unless that is too long to be worth the search.
 */
function* compare(a: readonly string[], b: readonly string[]): Generator<Marked> {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  const rest = Math.min(a.length, b.length) - head;
  while (tail < rest && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  for (const line of a.slice(0, head)) yield [' ', line];
  yield* between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  for (const line of a.slice(a.length - tail)) yield [' ', line];
}

function* between(a: readonly string[], b: readonly string[]): Generator<Marked> {
  const common = a.length * b.length <= 4_000_000 ? commonLengths(a, b) : undefined;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (common && i < a.length && j < b.length && a[i] === b[j]) {
      yield [' ', a[i] as string];
      i++;
      j++;
    } else if (
      i < a.length &&
      (j === b.length || !common || at(common, i + 1, j) >= at(common, i, j + 1))
    ) {
      yield ['-', a[i++] as string];
    } else yield ['+', b[j++] as string];
  }
}

function at(table: readonly Uint32Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

/** At [i][j], how many lines `a` from i and `b` from j have in common, in their order. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = table[i] as Uint32Array;
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] =
        a[i] === b[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

/** The changes with the lines around them, joined where they meet. */
function hunks(marked: readonly Marked[]): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (const [i, [sign]] of marked.entries()) {
    if (sign === ' ') continue;
    const last = found.at(-1);
    const end = Math.min(i + AROUND + 1, marked.length);
    if (last !== undefined && i - AROUND <= last[1]) last[1] = end;
    else found.push([Math.max(i - AROUND, 0), end]);
  }
  return found;
}

/** `12,3`: the line that a hunk begins at, and how many it has, but for those with a sign. */
function span(before: readonly Marked[], part: readonly Marked[], but: Sign): string {
  const count = (lines: readonly Marked[]) => lines.filter(([sign]) => sign !== but).length;
  const length = count(part);
  return `${count(before) + (length === 0 ? 0 : 1)},${length}`;
}
