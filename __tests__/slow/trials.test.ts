import { describe, expect, it } from '@jest/globals';
import { PLAIN_TRANSPORTS } from '../stories/harness.js';
import { runTrials } from '../trials/run-trials.js';

/** How many programs; `TRIALS` in the environment says otherwise. */
const PROGRAMS = Number(process.env.TRIALS ?? 5_000);
/** Milliseconds for one program on a busy machine. */
const EACH = 50;

describe.each(PLAIN_TRANSPORTS)('thousands of random programs over %s', (transport) => {
  it(
    'lose, double and disorder nothing, and both sides are told the end once',
    async () => {
      const count = await runTrials(transport, { programs: PROGRAMS, limit: Infinity });
      expect(count).toBeGreaterThan(PROGRAMS / 2);
    },
    PROGRAMS * EACH + 60_000,
  );
});
