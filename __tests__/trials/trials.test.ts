import { describe, expect, it } from '@jest/globals';
import { PLAIN_TRANSPORTS } from '../stories/harness.js';
import { runTrials } from './run-trials.js';

/** What the shrinking of a program that fails may take, in milliseconds. */
const LONG = 120_000;

describe.each(PLAIN_TRANSPORTS)('random programs over %s', (transport) => {
  it(
    'lose, double and disorder nothing, and both sides are told the end once',
    async () => {
      const begun = performance.now();
      const count = await runTrials(transport, { programs: 300, limit: 8_000 });
      const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
      process.stdout.write(`${count} random programs over ${transport} in ${seconds} s\n`);
      expect(count).toBeGreaterThan(50);
    },
    LONG,
  );
});
