import { createFileRegistry, type DescMessage, fromBinary } from '@bufbuild/protobuf';
import { type DescriptorProto, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldName } from '../../lib/schema/local-name.js';
import { arbitraryMessage } from '../codegen/arbitrary-message.js';
import { decodeThere, encodeThere } from '../codegen/bufbuild.js';
import { generatedMessages, withoutExtensions } from '../codegen/generated-messages.js';
import { buf } from './buf.js';

/** Random messages of each type. */
const RUNS = 50;
const PROTO = '__tests__/codegen/proto';

let types = 0;
let compared = 0;
afterAll(() => {
  process.stdout.write(
    `against a compiler's descriptors: ${types} message types, ${compared} messages compared\n`,
  );
});

it('generated code writes and reads as a compiler of .proto files would have it', async () => {
  const { code, stdout, stderr } = await buf(['build', PROTO, '-o', '-#format=binpb']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const set = fromBinary(FileDescriptorSetSchema, stdout);
  for (const file of set.file) file.messageType.forEach(forgetJsonNames);
  const registry = createFileRegistry(set);
  for (const message of generatedMessages) {
    const desc = registry.getMessage(message.name);
    // Those of Google's that no file here needs.
    if (desc === undefined) continue;
    types++;
    fc.assert(
      fc.property(arbitraryMessage(desc), (value) => {
        const bytes = message.encode(value);
        const there = encodeThere(desc as DescMessage, value);
        expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(there).toString('hex'));
        expect(withoutExtensions(message.decode(there))).toEqual(decodeThere(desc, bytes));
        compared++;
      }),
      { numRuns: RUNS },
    );
  }
  expect(types).toBeGreaterThan(45);
}, 60_000);

/** Properties are called as fields are by default. */
function forgetJsonNames(message: DescriptorProto): void {
  for (const field of message.field) field.jsonName = fieldName(field.name);
  message.nestedType.forEach(forgetJsonNames);
}
