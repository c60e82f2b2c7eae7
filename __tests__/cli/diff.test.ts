import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diff } from '../../lib/cli/diff.js';

it('shows what is to go and what is to come, with three lines around it', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);
  const changed = lines.with(4, 'five').toSpliced(15, 1);
  expect(diff('a.ts', `${lines.join('\n')}\n`, `${changed.join('\n')}\n`)).toBe(
    `--- a.ts
+++ a.ts
@@ -2,7 +2,7 @@
 line 2
 line 3
 line 4
-line 5
+five
 line 6
 line 7
 line 8
@@ -13,7 +13,6 @@
 line 13
 line 14
 line 15
-line 16
 line 17
 line 18
 line 19`,
  );
});

it('shows a file that is missing as new', () => {
  expect(diff('a.ts', undefined, 'one\ntwo\n')).toBe(
    '--- /dev/null\n+++ a.ts\n@@ -0,0 +1,2 @@\n+one\n+two',
  );
});

it('gives a patch that leads from the one text to the other', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '{', '}'), { minLength: 1, maxLength: 30 })
    .map((lines) => `${lines.join('\n')}\n`);
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(applied(before, diff('a.ts', before, after))).toBe(after);
    }),
    { numRuns: 500 },
  );
});

/** What a patch makes of a text. */
function applied(before: string, patch: string): string {
  const lines = before.split('\n');
  const out: string[] = [];
  let at = 0;
  for (const line of patch.split('\n').slice(2)) {
    const start = /^@@ -(\d+),(\d+)/.exec(line);
    if (start !== null) {
      const from = Number(start[1]) - (start[2] === '0' ? 0 : 1);
      out.push(...lines.slice(at, from));
      at = from;
    } else {
      if (line[0] !== '+') expect(lines[at++]).toBe(line.slice(1));
      if (line[0] !== '-') out.push(line.slice(1));
    }
  }
  return [...out, ...lines.slice(at)].join('\n');
}
