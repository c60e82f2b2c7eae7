import { describe, expect, test } from '@jest/globals';
import { drawChart } from '../../bench/chart.js';
import { rowsOf } from '../../bench/figures.js';
import { rateResult } from './results.js';

const rows = rowsOf(rateResult({ 'grpc-js': [100, 200], 'tributary-http2': [300, 500] }));
const drawing = drawChart(rows, 'A < B & "C"');

/** The values of an attribute, in the order of the elements. */
function valuesOf(element: string, attribute: string): number[] {
  const pattern = new RegExp(`<${element}[^>]* ${attribute}="([\\d.]+)"`, 'g');
  return [...drawing.matchAll(pattern)].map(([, value]) => Number(value));
}

describe('the chart', () => {
  test('bars are as long as the medians, on one scale', () => {
    const [short, long] = valuesOf('rect', 'width');
    expect(short).toBeGreaterThan(0);
    expect((long as number) / (short as number)).toBeCloseTo(400 / 150, 2);
  });

  test('the lines on them go from the slowest round to the fastest', () => {
    const [left] = valuesOf('rect', 'x') as [number, number];
    const [width] = valuesOf('rect', 'width') as [number, number];
    const unit = width / 150;
    expect(valuesOf('line', 'x1')[0]).toBeCloseTo(left + 100 * unit, 0);
    expect(valuesOf('line', 'x2')[0]).toBeCloseTo(left + 200 * unit, 0);
  });

  test('names, rates and ratios are written beside them, inside the drawing', () => {
    expect(drawing).toContain('>server-streaming</text>');
    expect(drawing).toContain('>400  2.75×</text>');
    const height = Number(/ height="(\d+)"/.exec(drawing)?.[1]);
    expect(Math.max(...valuesOf('text', 'y'))).toBeLessThan(height);
  });

  test('words cannot break it', () => {
    expect(drawing).toContain('A &lt; B &amp; &quot;C&quot;');
    expect(drawing).not.toMatch(/NaN|undefined|Infinity/);
  });
});
