import { describe, expect, it } from '@jest/globals';
import { growth, leftBehind } from './growth.js';
import type { Moment } from './moment.js';
import { plot } from './plot.js';
import type { Sample } from './sample.js';

const MB = 2 ** 20;
const sample: Sample = { heap: 20 * MB, rss: 90 * MB, handles: 5, delay: 3 };

function moment(at: number, client: Partial<Sample> = {}, server: Partial<Sample> = {}): Moment {
  return { at, client: { ...sample, ...client }, server: { ...sample, ...server } };
}

function moments(client: (i: number) => Partial<Sample>): Moment[] {
  return Array.from({ length: 40 }, (_, i) => moment(i * 1_000, client(i)));
}

describe('growth', () => {
  it('is none in figures that go up and down, or grow while code is loaded', () => {
    expect(growth(moments((i) => ({ heap: (20 + (i % 7)) * MB, handles: 5 + (i % 9) })))).toEqual(
      [],
    );
    expect(growth(moments((i) => ({ heap: Math.min(i, 10) * 3 * MB })))).toEqual([]);
  });

  it('is seen in a heap that gains a little all the time', () => {
    const faults = growth(moments((i) => ({ heap: (20 + i / 4) * MB })));
    expect(faults).toEqual([
      expect.stringMatching(/^the client's heap grew from 2\d\.\d to 2\d\.\d MB$/),
    ]);
  });

  it('is seen in handles', () => {
    const faults = growth(moments((i) => ({ handles: 5 + 2 * i })));
    expect(faults).toEqual(["the client's handles grew from 35 to 75"]);
  });

  it('is not judged by a few moments', () => {
    expect(growth(moments((i) => ({ heap: i * 100 * MB })).slice(0, 7))).toEqual([]);
  });
});

describe('what a case leaves behind', () => {
  it('is told for each side, beyond the slack', () => {
    const after = moment(1, { heap: 23 * MB }, { heap: 25 * MB });
    expect(leftBehind(moment(0), after)).toEqual(["the server's heap grew from 20.0 to 25.0 MB"]);
  });
});

describe('the plot', () => {
  it('has a line for each figure, as high as the figure', () => {
    const lines = plot(moments((i) => ({ handles: i }))).split('\n');
    expect(lines).toHaveLength(8);
    expect(lines[2]).toMatch(/^client handles {2}▁+▂+▃+▄+▅+▆+▇+█+ +0 → 39, most 39$/);
    expect(plot([])).toBe('');
  });

  it('keeps the peaks of a long run', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => moment(i, { delay: i === 501 ? 100 : 1 }));
    const line = plot(many).split('\n')[3] as string;
    expect(line.match(/█/g)).toHaveLength(1);
    expect(line).toContain('most 100 ms');
  });
});
