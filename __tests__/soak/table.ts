import { megabytes } from './growth.js';
import type { Report, Result } from './soak.js';

const HEAD = ['case', 'done', 'failed', 'seconds', 'client heap', 'server heap'];

/** What became of each case. */
export function table({ transport, results }: Report): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) =>
        i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number),
      )
      .join('  '),
  );
  const notes = results.flatMap(({ name, note }) =>
    note === undefined ? [] : [`${name}: ${note}`],
  );
  return [`over ${transport}, heaps in MB before and after`, ...lines, ...notes].join('\n');
}

function cells({ name, done, planned, failures, milliseconds, before, after }: Result): string[] {
  const heap = (side: 'client' | 'server'): string =>
    `${megabytes(before[side].heap)} → ${megabytes(after[side].heap)}`;
  const count = planned === undefined || planned === done ? `${done}` : `${done} of ${planned}`;
  const failed = String(failures.reduce((sum, line) => sum + Number.parseInt(line, 10), 0));
  return [name, count, failed, (milliseconds / 1_000).toFixed(1), heap('client'), heap('server')];
}
