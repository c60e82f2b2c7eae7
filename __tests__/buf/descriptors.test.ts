import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { expect, it } from '@jest/globals';
import { fileDescriptors } from '../../lib/schema/descriptors/file-descriptors.js';
import { readDescriptors } from '../schema/descriptors/linked.js';
import { protoTrees } from '../schema/descriptors/proto-trees.js';
import { buf } from './buf.js';
import { comparable } from './comparable.js';

// One of the trees imports a file by two names, which a compiler cannot know to be one.
const compilable = protoTrees.filter(({ dirs }) => dirs.length === 1);

it.each(compilable)('the descriptors of $name are those of a compiler', async ({ dirs, load }) => {
  const args = ['build', dirs[0] as string, '-o', '-#format=binpb', '--as-file-descriptor-set'];
  const { code, stdout, stderr } = await buf(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  // Of descriptor.proto protobufjs ships another version than buf.
  const compiled = fromBinary(FileDescriptorSetSchema, stdout).file.filter(
    ({ name }) => name !== 'google/protobuf/descriptor.proto',
  );
  expect(compiled.length).toBeGreaterThan(0);
  const ours = readDescriptors([...fileDescriptors([await load()]).values()].map((f) => f.bytes));
  for (const file of compiled) {
    const same = ours.find(({ name }) => name === file.name);
    if (same === undefined) throw new Error(`${file.name} is missing`);
    expect(comparable(same)).toEqual(comparable(file));
  }
});
