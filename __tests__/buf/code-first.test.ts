import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileDescriptors } from '../../lib/schema/descriptors/file-descriptors.js';
import { inlineProtos } from '../../lib/schema/inline-proto.js';
import { printedAnew } from '../code-first/print.js';
import { arbitraryCode, declare } from '../code-first/random-code.js';
import { readDescriptors } from '../schema/descriptors/linked.js';
import { whenOver } from '../stories/harness.js';
import { buf } from './buf.js';
import { comparable } from './comparable.js';

/** How many services a run makes up. */
const SERVICES = 40;

const said: string[] = [];
afterAll(() => void process.stdout.write(said.map((line) => `${line}\n`).join('')));

it('a compiler takes what is printed, and has the same descriptors', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'code-first-'));
  whenOver(() => rmSync(directory, { recursive: true }));
  const seed = Date.now() % 2 ** 31;
  const models = fc.sample(arbitraryCode, { numRuns: SERVICES, seed });
  const printed = models.map((model, i) => {
    const { service } = declare(model, String(i + 1));
    return printedAnew(service, 'no-such-directory').files;
  });
  const files = new Map(printed.flatMap((each) => [...each]));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const args = ['build', directory, '-o', '-#format=binpb', '--as-file-descriptor-set'];
  const { code, stdout, stderr } = await buf(args);
  expect({ seed, code, stderr }).toEqual({ seed, code: 0, stderr: '' });
  const compiled = fromBinary(FileDescriptorSetSchema, stdout).file;
  expect(compiled.length).toBeGreaterThan(SERVICES);
  const ours = readDescriptors(
    [...fileDescriptors([inlineProtos(files)]).values()].map(({ bytes }) => bytes),
  );
  for (const file of compiled) {
    const same = ours.find(({ name }) => name === file.name);
    expect({ seed, file: same && comparable(same) }).toEqual({ seed, file: comparable(file) });
  }
  said.push(
    `${printed.length} services, ${compiled.length} files with the descriptors of a compiler`,
  );
});
