import { describe, expect, it } from '@jest/globals';
import { PLAIN_TRANSPORTS } from '../stories/harness.js';
import { runTrials } from './run-trials.js';

/** What the shrinking of a program that fails may take, in milliseconds. */
const LONG = 120_000;

describe.each(PLAIN_TRANSPORTS)('random programs over %s', (transport) => {
  it(
    'lose, double and disorder nothing, and both sides are told the end once',
    async () => {
      const count = await runTrials(transport, { programs: 300, limit: 3_500 });
      expect(count).toBeGreaterThan(40);
    },
    LONG,
  );
});
