import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { breaking, printOver, serviceWith } from '../code-first/evolve.js';
import { arbitraryChange, declareState } from '../code-first/random-change.js';
import { arbitraryHistory } from '../code-first/random-history.js';
import { whenOver } from '../stories/harness.js';
import { buf } from './buf.js';

/** How many changes of services a run makes up. */
const CHANGES = 400;
const said: string[] = [];
afterAll(() => void process.stdout.write(said.map((line) => `${line}\n`).join('')));

/** Writes files below a directory. */
function writeAll(directory: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

it('another judge of breaking changes has nothing against what is printed over the years', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'code-first-'));
  whenOver(() => rmSync(directory, { recursive: true }));
  const seed = Date.now() % 2 ** 31;
  const histories = fc.sample(arbitraryHistory, { numRuns: 30, seed });
  for (const [i, history] of histories.entries()) {
    let files = new Map<string, string>();
    for (const [step, names] of history.entries()) {
      files = printOver(serviceWith(names, `app.v${i + 1}`), files);
      if (step === 0) writeAll(join(directory, 'then'), files);
    }
    writeAll(join(directory, 'now'), files);
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
  said.push(`${histories.length} histories that buf finds nothing against`);
});

it('what another judge refuses for the wire is refused here, too', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'code-first-'));
  whenOver(() => rmSync(directory, { recursive: true }));
  const seed = Date.now() % 2 ** 31;
  const changes = fc.sample(arbitraryChange, { numRuns: CHANGES, seed });
  const ours = new Set<string>();
  for (const [i, [then, now]] of changes.entries()) {
    const packageName = `app.v${i + 1}`;
    const before = printOver(declareState(then, packageName), new Map());
    const after = printOver(declareState(now, packageName), before);
    if (breaking(before, after).length > 0) for (const path of after.keys()) ours.add(path);
    writeAll(join(directory, 'then'), before);
    writeAll(join(directory, 'now'), after);
  }
  const now = join(directory, 'now');
  const args = ['breaking', now, '--against', join(directory, 'then'), '--error-format', 'json'];
  const config = ['--config', '{"version":"v2","breaking":{"use":["WIRE"]}}'];
  const { stdout, stderr } = await buf([...args, ...config]);
  expect(stderr).toBe('');
  const found = stdout.toString().trim().split('\n').filter(Boolean);
  const theirs = new Map<string, string>();
  for (const line of found) {
    const { path, message } = JSON.parse(line) as { path: string; message: string };
    theirs.set(path.slice(path.indexOf('app/v')), message);
  }
  const missed = [...theirs].filter(([path]) => !ours.has(path));
  expect({ seed, missed }).toEqual({ seed, missed: [] });
  // Changes that say nothing would show nothing.
  expect(theirs.size).toBeGreaterThan(CHANGES / 10);
  expect(ours.size).toBeLessThan(CHANGES);
  const refused = `buf refuses ${theirs.size} of them for the wire, and here ${ours.size} are`;
  said.push(`${changes.length} changes of services: ${refused}`);
});
