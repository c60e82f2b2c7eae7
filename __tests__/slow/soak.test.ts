import { execFile } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { Report } from '../soak/soak.js';

/** Minutes for each transport: a part of everything, and a look at every case. */
const SHORT = '0.15';

function runSoak(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', '__tests__/soak/run.ts', ...args],
      { maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe.each(['grpc', 'http2'])('a short soak of %s', (transport) => {
  test('fails nowhere and leaves nothing behind', async () => {
    const run = await runSoak('--minutes', SHORT, '--transport', transport, '--json');
    expect(run.stderr).toBe('');
    const [report] = JSON.parse(run.stdout) as Report[];
    expect(report?.faults).toEqual([]);
    expect(report?.results.map(({ name }) => name)).toEqual([
      'rpc_soak',
      'channel_soak',
      'parallel large_unary',
      'cancels, paced',
      'cancels, racing',
      'streams opened and closed',
      'idle streams',
      'streams opened and broken',
    ]);
    for (const { done } of report?.results ?? []) expect(done).toBeGreaterThan(0);
    expect(run.code).toBe(0);
  });
});

test('the soak says what is wrong with its options, and fails', async () => {
  const run = await runSoak('--minutes', 'many');
  expect(run.stderr).toContain("--minutes must be a number above 0, got 'many'");
  expect(run.code).toBe(1);
});
