import { describe, expect, it } from '@jest/globals';
import { Allowance } from '../../../lib/transport/http2/allowance.js';
import { PingStrikes } from '../../../lib/transport/http2/ping-strikes.js';

const ANSWER = 17;

/** Which pings of a client are too many: each is a time and what else than answers was sent before. */
function judge(interval: number, pings: readonly (readonly [number, number])[]): boolean[] {
  const strikes = new PingStrikes(interval);
  let sent = 100;
  return pings.map(([at, more], i) => {
    sent += more;
    return strikes.isTooMany(at, sent + i * ANSWER);
  });
}

describe('ping strikes', () => {
  it('the third that is too early is one too many', () => {
    expect(
      judge(1_000, [
        [0, 0],
        [1, 0],
        [2, 0],
        [3, 0],
      ]),
    ).toEqual([false, false, false, true]);
  });

  it('those in time are none, nor those a tenth early', () => {
    const times = Array.from({ length: 50 }, (_, i) => [i * 901, 0] as const);
    expect(judge(1_000, times)).not.toContain(true);
  });

  it('what was sent in between forgives all', () => {
    const pings = Array.from({ length: 50 }, (_, i) => [i, i % 3 === 0 ? 14 : 0] as const);
    expect(judge(1_000, pings)).not.toContain(true);
  });

  it('0 is no limit', () => {
    const pings = Array.from({ length: 50 }, () => [0, 0] as const);
    expect(judge(0, pings)).not.toContain(true);
  });
});

describe('an allowance', () => {
  it('is used up, and comes back with time', async () => {
    const allowance = new Allowance(3, 1_000);
    const slow = new Allowance(3, 0.001);
    expect([1, 2, 3, 4].map(() => slow.take())).toEqual([true, true, true, false]);
    for (let i = 0; i < 1_000 && allowance.take(); i += 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(allowance.take()).toBe(true);
  });
});
