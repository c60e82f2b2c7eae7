import { describe, expect, test } from '@jest/globals';
import { rowsOf } from '../../bench/figures.js';
import { memoryHead, memoryLine, rateHead, rateLines, verdictTable } from '../../bench/report.js';
import { TARGETS, type Target } from '../../bench/targets.js';
import { judge } from '../../bench/verdicts.js';
import { memoryResult, rateResult } from './results.js';

const rates = rateResult({
  'grpc-js': [100, 50, 100],
  'tributary-http2': [500, 300, 450],
  floor: [1_000, 400, 500],
});

const STREAMING: Target = {
  workload: 'server-streaming',
  size: '110b',
  contender: 'tributary-http2',
  against: 'grpc-js',
  atLeast: 5,
};

describe('figures', () => {
  test('are medians of rounds, ratios of each round by itself', () => {
    expect(rowsOf(rates)[1]).toEqual({
      workload: 'server-streaming',
      size: '110b',
      contender: 'tributary-http2',
      rate: { median: 450, min: 300, max: 500 },
      cpu: { median: 2, min: 2, max: 2 },
      toBaseline: { median: 5, min: 4.5, max: 6 },
      toFloor: { median: 0.75, min: 0.5, max: 0.9 },
      peakMemory: { server: 120e6, client: 90e6 },
    });
  });

  test('have no ratio to what took no part', () => {
    const [row] = rowsOf(rateResult({ 'nice-grpc': [1] }));
    expect([row?.toBaseline, row?.toFloor]).toEqual([undefined, undefined]);
  });
});

describe('verdicts', () => {
  test('a median that reaches the target meets it', () => {
    const [met] = judge([STREAMING], [rates], []);
    expect(met).toEqual({ target: STREAMING, reached: 5, met: true });
    const [missed] = judge([{ ...STREAMING, atLeast: 5.01 }], [rates], []);
    expect(missed?.met).toBe(false);
  });

  test('of memory the side that took more counts', () => {
    const target: Target = { memory: 'idle-streams', contender: 'tributary-grpc', atMost: 16_384 };
    const judged = (client: number): unknown =>
      judge([target], [], [memoryResult('tributary-grpc', 9_000, client)]);
    expect(judged(16_384)).toEqual([{ target, reached: 16_384, met: true }]);
    expect(judged(16_385)).toEqual([{ target, reached: 16_385, met: false }]);
  });

  test('nothing is said of what was not measured', () => {
    expect(judge(TARGETS, [], [])).toEqual([]);
    expect(judge([{ ...STREAMING, size: '64kb' }], [rates], [])).toEqual([]);
    expect(judge([{ ...STREAMING, against: 'connect-node' }], [rates], [])).toEqual([]);
  });

  test('every target names what is wanted once', () => {
    const keys = TARGETS.map((target) => JSON.stringify({ ...target, atLeast: 0, atMost: 0 }));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('tables', () => {
  test('rates, with the name of the workload once', () => {
    const lines = rateLines(rowsOf(rates)).split('\n');
    expect(lines.map((line) => line.slice(0, 42).trimEnd())).toEqual([
      'server-streaming 110b grpc-js',
      '                      tributary-http2',
      '                      floor',
    ]);
    expect(lines[1]).toMatch(
      /450 +\(300–500\) +2\.0 +\(2\.0–2\.0\) +5\.00× +\(4\.50–6\.00\) +0\.75× +\(0\.50–0\.90\) +120\/90$/,
    );
    expect(rateHead()).toMatch(/^workload +size contender +msg\/s/);
  });

  test('memory in bytes a stream', () => {
    expect(memoryHead()).toMatch(/^memory +contender +streams +heap a stream, server +client/);
    expect(memoryLine(memoryResult('floor', 1_234, 56))).toMatch(
      /^idle-streams +floor +10,000 +1,234 +56 +2,468 +112$/,
    );
  });

  test('verdicts with what was wanted', () => {
    const target: Target = { memory: 'churn', contender: 'tributary-grpc', atMost: 10 };
    const table = verdictTable([
      { target: STREAMING, reached: 12.34, met: true },
      { target, reached: 11, met: false },
    ]);
    expect(table).toMatch(
      /server-streaming, 110b: tributary-http2 ÷ grpc-js +≥ 5\.00× +12\.3× +met\n/,
    );
    expect(table).toMatch(/churn: heap of tributary-grpc, bytes a stream +≤ 10 +11 missed$/);
  });
});
