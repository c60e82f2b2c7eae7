import type { Row } from './figures.js';
import type { MemoryResult } from './memory-runner.js';
import type { Spread } from './statistics.js';
import { type Column, headLine, tableLine, times, whole } from './table.js';
import type { Verdict } from './verdicts.js';

const RATES: readonly Column[] = [
  { head: 'workload', width: 16, side: 'left' },
  { head: 'size', width: 4, side: 'left' },
  { head: 'contender', width: 21, side: 'left' },
  { head: 'msg/s', width: 9 },
  { head: '(min–max)', width: 19 },
  { head: 'µs CPU', width: 7 },
  { head: '(min–max)', width: 13 },
  { head: '÷ grpc-js', width: 9 },
  { head: '(min–max)', width: 13 },
  { head: '÷ floor', width: 7 },
  { head: '(min–max)', width: 11 },
  { head: 'peak MB', width: 9 },
];

const MEMORY: readonly Column[] = [
  { head: 'memory', width: 16, side: 'left' },
  { head: 'contender', width: 21, side: 'left' },
  { head: 'streams', width: 8 },
  { head: 'heap a stream, server', width: 22 },
  { head: 'client', width: 10 },
  { head: 'resident a stream, server', width: 26 },
  { head: 'client', width: 10 },
];

const VERDICTS: readonly Column[] = [
  { head: 'target', width: 62, side: 'left' },
  { head: 'wanted', width: 10 },
  { head: 'reached', width: 10 },
  { head: '', width: 6 },
];

/** The head of the table of rates. */
export function rateHead(): string {
  return headLine(RATES);
}

/** The rows of a workload: medians, with the extremes beside them. */
export function rateLines(rows: readonly Row[]): string {
  return rows
    .map((row, i) =>
      tableLine(RATES, [
        ...(i === 0 ? [row.workload, row.size] : ['', '']),
        row.contender,
        whole(row.rate.median),
        range(row.rate, whole),
        row.cpu.median.toFixed(1),
        range(row.cpu, (value) => value.toFixed(1)),
        ...ratio(row.toBaseline),
        ...ratio(row.toFloor),
        `${megabytes(row.peakMemory.server)}/${megabytes(row.peakMemory.client)}`,
      ]),
    )
    .join('\n');
}

/** The head of the table of memory. */
export function memoryHead(): string {
  return headLine(MEMORY);
}

/** What a stream costs a contender. */
export function memoryLine({ memory, contender, streams, grown }: MemoryResult): string {
  const each = (bytes: number): string => whole(bytes / streams);
  const { server, client } = grown;
  const heaps = [each(server.heap), each(client.heap)];
  const all = [each(server.resident), each(client.resident)];
  return tableLine(MEMORY, [memory, contender, whole(streams), ...heaps, ...all]);
}

/** The table of verdicts. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ target, reached, met }) => {
    const judged = met ? 'met' : 'missed';
    if ('memory' in target) {
      const what = `${target.memory}: heap of ${target.contender}, bytes a stream`;
      return tableLine(VERDICTS, [what, `≤ ${whole(target.atMost)}`, whole(reached), judged]);
    }
    const { workload, size, contender, against, atLeast } = target;
    const what = `${workload}, ${size}: ${contender} ÷ ${against}`;
    return tableLine(VERDICTS, [what, `≥ ${times(atLeast)}`, times(reached), judged]);
  });
  return [headLine(VERDICTS), ...lines].join('\n');
}

function ratio(value: Spread | undefined): [median: string, range: string] {
  if (value === undefined) return ['', ''];
  return [times(value.median), range(value, (each) => each.toFixed(2))];
}

function range({ min, max }: Spread, format: (value: number) => string): string {
  return `(${format(min)}–${format(max)})`;
}

function megabytes(bytes: number): string {
  return whole(bytes / 1e6);
}
