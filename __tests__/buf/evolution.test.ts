import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printOver, serviceWith } from '../code-first/evolve.js';
import { arbitraryHistory } from '../code-first/random-history.js';
import { whenOver } from '../stories/harness.js';
import { buf } from './buf.js';

it('another judge of breaking changes has nothing against what is printed over the years', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'code-first-'));
  whenOver(() => rmSync(directory, { recursive: true }));
  const write = (when: string, files: ReadonlyMap<string, string>) => {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, when, path)), { recursive: true });
      writeFileSync(join(directory, when, path), text);
    }
  };
  const seed = Date.now() % 2 ** 31;
  for (const [i, history] of fc.sample(arbitraryHistory, { numRuns: 30, seed }).entries()) {
    let files = new Map<string, string>();
    for (const [step, names] of history.entries()) {
      files = printOver(serviceWith(names, `app.v${i + 1}`), files);
      if (step === 0) write('then', files);
    }
    write('now', files);
  }
  const args = ['breaking', join(directory, 'now'), '--against', join(directory, 'then')];
  const config = ['--config', '{"version":"v2","breaking":{"use":["WIRE_JSON"]}}'];
  const { code, stdout, stderr } = await buf([...args, ...config]);
  expect({ seed, code, stderr, stdout: stdout.toString() }).toEqual({
    seed,
    code: 0,
    stderr: '',
    stdout: '',
  });
});
