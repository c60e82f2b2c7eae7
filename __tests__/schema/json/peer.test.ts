import {
  type DescMessage,
  fromBinary,
  type JsonValue,
  fromJson as peerFromJson,
  toJson as peerToJson,
  toBinary,
} from '@bufbuild/protobuf';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileDescriptors } from '../../../lib/schema/descriptors/file-descriptors.js';
import { fromJson, fromJsonText, toJson } from '../../../lib/schema/index.js';
import { messageShape } from '../../../lib/schema/wire/message-shape.js';
import { link, readDescriptors } from '../descriptors/linked.js';
import { all, old } from './all-types.js';
import { randomMessage } from './random-message.js';

const RUNS = 300;

const said: string[] = [];
afterAll(() => void process.stdout.write(said.map((line) => `${line}\n`).join('')));

describe.each([
  { name: 'all.All', schema: all, levels: 2 },
  { name: 'old.Old', schema: old, levels: 3 },
])(`${RUNS} random messages of $name, beside @bufbuild/protobuf`, ({ name, schema, levels }) => {
  const codec = schema.message(name);
  const messages = randomMessage(schema.root.lookupType(name), levels);
  const files = [...fileDescriptors([schema]).values()].map(({ bytes }) => bytes);
  const registry = link(readDescriptors(files));
  const desc = registry.getMessage(name) as DescMessage;
  const { fields } = messageShape(schema.root.lookupType(name));
  const seen = new Set<string>();
  let compared = 0;
  const count = (message: unknown) => {
    compared += 1;
    for (const field of Object.keys(message as object)) seen.add(field);
  };

  it('are the same JSON', () => {
    fc.assert(
      fc.property(messages, fc.boolean(), fc.boolean(), fc.boolean(), (message, ...flags) => {
        count(message);
        const [emitDefaults, useProtoNames, enumsAsNumbers] = flags;
        const bytes = codec.encode(message as never);
        const ours = toJson(codec, codec.decode(bytes), {
          emitDefaults,
          useProtoNames,
          enumsAsNumbers,
        });
        const theirs = peerToJson(desc, fromBinary(desc, bytes), {
          registry,
          alwaysEmitImplicit: emitDefaults,
          useProtoFieldName: useProtoNames,
          enumAsInteger: enumsAsNumbers,
        });
        expect(roundFloats(ours)).toEqual(roundFloats(theirs));
        expect(toJson(codec, message as never)).toEqual(toJson(codec, codec.decode(bytes)));
      }),
      { numRuns: RUNS },
    );
  });

  it('are read from what the other writes', () => {
    fc.assert(
      fc.property(messages, fc.boolean(), (message, useProtoFieldName) => {
        count(message);
        const bytes = codec.encode(message as never);
        const decoded = codec.decode(bytes);
        const theirs = peerToJson(desc, fromBinary(desc, bytes), { registry, useProtoFieldName });
        expect(fromJson(codec, theirs)).toEqual(decoded);
        const ours = toJson(codec, decoded) as JsonValue;
        const read = toBinary(desc, peerFromJson(desc, ours, { registry }));
        expect(codec.decode(read)).toEqual(decoded);
      }),
      { numRuns: RUNS },
    );
  });

  it('come back from their own text', () => {
    fc.assert(
      fc.property(messages, (message) => {
        count(message);
        const decoded = codec.decode(codec.encode(message as never));
        const read = fromJsonText(codec, JSON.stringify(toJson(codec, decoded)));
        // JSON.stringify writes -0 as 0, so what is compared is how it sees them.
        const text = (each: typeof read) =>
          JSON.stringify(toJson(codec, each, { emitDefaults: true }));
        expect(text(read)).toBe(text(decoded));
      }),
      { numRuns: RUNS },
    );
  });

  it('have had every field', () => {
    expect(fields.map(({ property }) => property).filter((each) => !seen.has(each))).toEqual([]);
    said.push(`${compared} random messages of ${name} as JSON, ${seen.size} fields`);
  });
});

/** Theirs are the doubles that a float is exactly, ours its shortest digits. */
function roundFloats(json: unknown, isFloat = false): unknown {
  if (typeof json === 'number') return isFloat ? Math.fround(json) : json;
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((each) => roundFloats(each, isFloat));
  return Object.fromEntries(
    Object.entries(json).map(([key, each]) => [
      key,
      roundFloats(each, isFloat || /float/i.test(key)),
    ]),
  );
}
