import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../bench/contender.js';
import { CONTENDERS, type ContenderName } from '../../bench/contenders/index.js';
import { churn, IdleStreams } from '../../bench/memory.js';
import { checkTally, WORKLOADS, type WorkloadName } from '../../bench/workloads.js';

const NAMES = Object.keys(CONTENDERS) as ContenderName[];
const WORKLOAD_NAMES = Object.keys(WORKLOADS) as WorkloadName[];
describe.each(NAMES)('the contender %s', (name) => {
  let server: { port: number; close(): Promise<void> | void };
  let caller: Caller;

  beforeAll(async () => {
    const contender = await CONTENDERS[name]();
    server = await contender.serve();
    caller = await contender.connect(server.port);
  });

  afterAll(async () => {
    await caller.close();
    await server.close();
  });

  test.each(WORKLOAD_NAMES)('moves every byte of %s', async (workload) => {
    const outcome = await WORKLOADS[workload](caller, 321, '110b');
    checkTally(workload, 321, '110b', outcome);
  });

  test('moves messages that are larger than a window', async () => {
    for (const workload of ['server-streaming', 'client-streaming', 'bidi-echo'] as const) {
      const outcome = await WORKLOADS[workload](caller, 40, '64kb');
      checkTally(workload, 40, '64kb', outcome);
    }
  });

  test('keeps streams open that still answer, and ends them', async () => {
    const idle = new IdleStreams();
    await idle.open(caller, 120);
    await idle.use();
    await idle.end();
    await churn(caller, 120);
  });
});

describe('the check of what came through', () => {
  const tally = { count: 2, characters: 111, sequences: 1 };

  test('passes when every note came once', () => {
    expect(() => checkTally('unary-1', 2, '110b', { tally })).not.toThrow();
  });

  test.each([
    ['count', { ...tally, count: 1 }, 'unary-1: count should be 2 and came out as 1'],
    ['characters', { ...tally, characters: 110 }, 'characters should be 111 and came out as 110'],
    ['sequences', { ...tally, sequences: 2 }, 'sequences should be 1 and came out as 2'],
  ])('throws when the %s differ', (_, wrong, message) => {
    expect(() => checkTally('unary-1', 2, '110b', { tally: wrong })).toThrow(message);
  });
});
