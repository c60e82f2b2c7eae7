import { describe, expect, it } from '@jest/globals';
import { runFuzz } from './run-fuzz.js';

describe.each(['grpc', 'http2'] as const)('bytes that were tampered with, over %s', (transport) => {
  it.each(['server', 'client'] as const)(
    'harm no %s, and end every call once',
    async (side) => {
      expect(await runFuzz(transport, side, 60)).toEqual([]);
    },
    60_000,
  );
});
