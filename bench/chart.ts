import type { ContenderName } from './contenders/index.js';
import type { Row } from './figures.js';
import { Svg } from './svg.js';
import { times, whole } from './table.js';

const WIDTH = 780;
const MARGIN = 16;
const NAMES = 150;
const LABELS = 170;
const BARS = WIDTH - 2 * MARGIN - NAMES - LABELS;
const BAR_HEIGHT = 14;
const BAR_STEP = 19;
const GROUP_GAP = 18;

const COLOURS: { readonly [Name in ContenderName]?: string } = {
  'grpc-js': '#8c959f',
  'nice-grpc': '#b6bec7',
  'connect-node': '#d0d7de',
  'tributary-grpc': '#54aeff',
  'tributary-http2': '#0550ae',
  floor: '#eac54f',
};

const OTHER_COLOUR = '#c297ff';

/**
 * Rates as bars, a group for each workload. Groups have scales of their own, since a call takes a
 * hundred times as long as a message; the lines on the bars are the spread of the rounds.
 *
 * @param rows - of one size of messages
 * @param footnote - on what machine they were measured, and how
 */
export function drawChart(rows: readonly Row[], footnote: string): string {
  const svg = new Svg(WIDTH);
  let y = MARGIN + 14;
  svg.text(MARGIN, y, 'Messages per second: longer is better', { size: 15, bold: true });
  y += GROUP_GAP;
  for (const [workload, group] of groupsOf(rows)) {
    y += GROUP_GAP;
    svg.text(MARGIN, y, workload, { bold: true });
    y += 8;
    drawGroup(svg, y, group);
    y += group.length * BAR_STEP;
  }
  y += GROUP_GAP;
  svg.text(MARGIN, y, footnote, { size: 11, faint: true });
  return svg.print(y + MARGIN, 'Messages per second of gRPC libraries for Node.js');
}

function groupsOf(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.workload, [...(groups.get(row.workload) ?? []), row]);
  return groups;
}

function drawGroup(svg: Svg, top: number, rows: readonly Row[]): void {
  const longest = Math.max(...rows.map(({ rate }) => rate.max));
  const widthOf = (rate: number): number => (rate / longest) * BARS;
  const left = MARGIN + NAMES;
  rows.forEach(({ contender, rate, toBaseline }, i) => {
    const y = top + i * BAR_STEP;
    const foot = y + BAR_HEIGHT - 3;
    svg.text(left - 8, foot, contender, { anchor: 'end', faint: true });
    svg.bar(left, y, widthOf(rate.median), BAR_HEIGHT, COLOURS[contender] ?? OTHER_COLOUR);
    svg.line(left + widthOf(rate.min), left + widthOf(rate.max), y + BAR_HEIGHT / 2);
    const ratio = toBaseline === undefined ? '' : `  ${times(toBaseline.median)}`;
    svg.text(left + widthOf(rate.max) + 8, foot, `${whole(rate.median)}${ratio}`);
  });
}
