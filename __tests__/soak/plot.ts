import { megabytes } from './growth.js';
import type { Moment } from './moment.js';

const BARS = '▁▂▃▄▅▆▇█';
const COLUMNS = 60;

/** A line for each figure of both processes, from the first moment to the last. */
export function plot(moments: readonly Moment[]): string {
  if (moments.length === 0) return '';
  const lines = (['client', 'server'] as const).flatMap((side) => [
    line(
      `${side} heap`,
      moments.map((moment) => moment[side].heap),
      (n) => `${megabytes(n)} MB`,
    ),
    line(
      `${side} rss`,
      moments.map((moment) => moment[side].rss),
      (n) => `${megabytes(n)} MB`,
    ),
    line(
      `${side} handles`,
      moments.map((moment) => moment[side].handles),
      String,
    ),
    line(
      `${side} delay`,
      moments.map((moment) => moment[side].delay),
      (n) => `${n.toFixed(0)} ms`,
    ),
  ]);
  return lines.join('\n');
}

function line(name: string, values: readonly number[], text: (value: number) => string): string {
  const most = Math.max(...values);
  const bars = thinned(values).map((value) => BARS[Math.floor((value / (most || 1)) * 7.999)]);
  const ends = `${text(values[0] as number)} → ${text(values.at(-1) as number)}, most ${text(most)}`;
  return `${name.padEnd(15)} ${bars.join('').padEnd(COLUMNS)} ${ends}`;
}

/** As many as there is room for; of those in between the largest. */
function thinned(values: readonly number[]): number[] {
  const each = Math.max(values.length / COLUMNS, 1);
  const count = Math.floor(values.length / each);
  return Array.from({ length: count }, (_, i) =>
    Math.max(...values.slice(Math.floor(i * each), Math.floor((i + 1) * each))),
  );
}
