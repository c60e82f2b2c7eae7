import type { Moment } from './transfer-run.js';

const COLUMNS = ['rss', 'heapUsed', 'external', 'arrayBuffers'] as const;

/** Both processes' memory in MB, every few seconds. */
export function memoryTable(title: string, moments: readonly Moment[]): string {
  const rows = (['server', 'client'] as const).flatMap((side) =>
    thinned(moments.filter((moment) => moment.side === side)).map((moment) => [
      side,
      `${(moment.at / 1000).toFixed(1)} s`,
      moment.phase,
      ...COLUMNS.map((column) => megabytes(moment[column])),
      String(moment.moved),
    ]),
  );
  const head = ['process', 'at', 'reader', ...COLUMNS.map((column) => `${column}`), 'messages'];
  return [`${title} (MB)`, ...[head, ...rows].map((row) => row.map(cell).join(' '))].join('\n');
}

/** One moment in about two seconds, the last one included. */
function thinned(moments: readonly Moment[]): readonly Moment[] {
  let last = -Infinity;
  return moments.filter(({ at }, i) => {
    if (at - last < 1_900 && i < moments.length - 1) return false;
    last = at;
    return true;
  });
}

function cell(text: string): string {
  return text.padStart(12);
}

function megabytes(count: number): string {
  return (count / 2 ** 20).toFixed(1);
}
