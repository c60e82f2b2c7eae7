import { BASELINE } from './contenders/index.js';
import type { Result, Sample } from './runner.js';

/** The figures of one contender in one workload. */
export interface Row {
  readonly workload: string;
  readonly contender: string;
  /** Messages per second. */
  readonly rate: Spread;
  /** To the baseline, round by round. */
  readonly ratio: Spread;
  /** Processor time of both processes per message, in microseconds. */
  readonly cpu: Spread;
}

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The rows of a workload, the baseline's first. */
export function rowsOf({ workload, samples }: Result): Row[] {
  const baseline = samples[BASELINE] ?? [];
  return Object.entries(samples).map(([contender, runs]) => ({
    workload,
    contender,
    rate: spread(runs.map(rate)),
    ratio: spread(runs.map((run, round) => rate(run) / rate(baseline[round] as Sample))),
    cpu: spread(runs.map((run) => run.cpuMicroseconds / run.messages)),
  }));
}

const WIDTHS = [17, 15, 10, 21, 8, 14, 9];
const HEADS = ['workload', 'contender', 'msg/s', '(min–max)', 'ratio', '(min–max)', 'µs CPU/msg'];

/** The head of the table. */
export function formatHead(): string {
  return line(HEADS);
}

/** The lines of a workload; medians, with the extremes beside them. */
export function formatRows(rows: readonly Row[]): string {
  return rows
    .map(({ workload, contender, rate, ratio, cpu }, i) =>
      line([
        i === 0 ? workload : '',
        contender,
        whole(rate.median),
        `(${whole(rate.min)}–${whole(rate.max)})`,
        contender === BASELINE ? '' : `${ratio.median.toFixed(2)}×`,
        contender === BASELINE ? '' : `(${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`,
        cpu.median.toFixed(1),
      ]),
    )
    .join('\n');
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i < 2 ? cell.padEnd(WIDTHS[i]!) : cell.padStart(WIDTHS[i]!)))
    .join(' ');
}

function rate({ messages, milliseconds }: Sample): number {
  return (messages / milliseconds) * 1_000;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
