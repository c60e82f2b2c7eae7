import { describe, expect, it } from '@jest/globals';
import { runFuzz } from '../fuzz/run-fuzz.js';

/** All four together; `FUZZ_INPUTS` in the environment says otherwise. */
const INPUTS = Number(process.env.FUZZ_INPUTS ?? 2_000) / 4;
/** Milliseconds for one input on a busy machine. */
const EACH = 100;

/** How many sockets and the like the process holds, timers aside. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => /Wrap$/.test(kind)).length;
}

describe.each(['grpc', 'http2'] as const)('many bytes tampered with, over %s', (transport) => {
  it.each(['server', 'client'] as const)(
    'harm no %s, and leave nothing behind',
    async (side) => {
      const before = handles();
      expect(await runFuzz(transport, side, INPUTS)).toEqual([]);
      // The server itself and the one that was recorded are closed when the test is over.
      expect(handles()).toBeLessThan(before + 40);
    },
    INPUTS * EACH + 60_000,
  );
});
