import { type DescMessage, type FileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileDescriptors } from '../../lib/schema/descriptors/file-descriptors.js';
import { inlineProtos } from '../../lib/schema/inline-proto.js';
import { link, readDescriptors } from '../schema/descriptors/linked.js';
import { printedAnew } from './print.js';
import {
  arbitraryCode,
  type CodeModel,
  declare,
  type FieldModel,
  nameOf,
  type TypeModel,
} from './random-code.js';
import { arbitraryMessage } from './random-message.js';

const said: string[] = [];
afterAll(() => void process.stdout.write(said.map((line) => `${line}\n`).join('')));

/** What another library makes of the printed files. */
function load(service: object): FileRegistry {
  const { files, problems, breaking } = printedAnew(service, 'no-such-directory');
  expect([...problems, ...breaking]).toEqual([]);
  const described = fileDescriptors([inlineProtos(files)]).values();
  return link(readDescriptors([...described].map(({ bytes }) => bytes)));
}

function messageOf(registry: FileRegistry, name: string): DescMessage {
  const found = registry.getMessage(name);
  if (found === undefined) throw new Error(`${name} is not in the printed files`);
  return found;
}

it('what is printed, loaded back, is what was declared', () => {
  let services = 0;
  let compared = 0;
  fc.assert(
    fc.property(arbitraryCode, (model) => {
      const registry = load(declare(model).service);
      for (const type of model.messages) {
        const { fields } = type;
        const { fields: loaded } = messageOf(registry, nameOf(type));
        expect(loaded.map((each) => each.jsonName).sort()).toEqual(
          fields.map(({ name }) => name).sort(),
        );
        for (const [j, field] of fields.entries()) {
          const found = loaded.find(({ jsonName }) => jsonName === field.name);
          if (field.hasNumber) expect(found?.number).toBe(j * 7 + 1);
          expect(describe(found)).toEqual(expected(field, model));
          compared += 1;
        }
      }
      services += 1;
      for (const type of model.enums) {
        const loaded = registry.getEnum(nameOf(type));
        // Only what some field uses is printed.
        if (loaded === undefined) continue;
        const values = loaded.values.map((each) => [each.name, each.number]);
        expect(Object.fromEntries(values)).toEqual(type.numbers);
      }
    }),
    { numRuns: 50 },
  );
  said.push(`${services} services printed and loaded back, with ${compared} fields`);
});

it('what is encoded is what another library encodes by the printed files', () => {
  let compared = 0;
  const messages = arbitraryCode.chain((model) => {
    const { service, messages } = declare(withoutInherited(model));
    const registry = load(service);
    return fc.tuple(
      ...messages.map((codec, i) => {
        const type = messageOf(registry, nameOf(model.messages[i] as TypeModel));
        return fc.record({
          codec: fc.constant(codec),
          type: fc.constant(type),
          value: arbitraryMessage(type),
        });
      }),
    );
  });
  fc.assert(
    fc.property(messages, (all) => {
      for (const { codec, type, value } of all) {
        const bytes = codec.encode(value);
        const theirs = fromBinary(type, bytes);
        // Another number or wire type would have ended up among the unknown fields.
        expect(theirs.$unknown).toBeUndefined();
        const again = toBinary(type, theirs);
        expect(Buffer.from(again).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
        expect(codec.encode(codec.decode(again))).toEqual(Buffer.from(bytes));
        compared += 1;
      }
    }),
    { numRuns: 50 },
  );
  said.push(`${compared} messages encoded as another library encodes them`);
});

/** @bufbuild/protobuf takes inherited properties for fields of these names. */
function withoutInherited(model: CodeModel): CodeModel {
  const messages = model.messages.map((type) => ({
    ...type,
    fields: type.fields.filter(({ name }) => !(name in Object.prototype)),
  }));
  return { ...model, messages };
}

function describe(field: DescMessage['fields'][number] | undefined): object {
  return {
    type: field?.message?.typeName ?? field?.enum?.typeName ?? field?.scalar,
    label: field?.oneof ? 'oneof' : (LABELS[field?.fieldKind ?? ''] ?? 'single'),
    key: field?.fieldKind === 'map' ? field.mapKey : undefined,
    deprecated: field?.proto.options?.deprecated ?? false,
    optional: field?.proto.proto3Optional,
  };
}

function expected(
  { type, label, key, deprecated }: FieldModel,
  { messages, enums }: CodeModel,
): object {
  const named =
    typeof type === 'object' && ('enum' in type ? enums[type.enum] : messages[type.message]);
  return {
    type: named ? nameOf(named) : TYPE_NUMBER[type as string],
    label: label === 'implicit' || label === 'optional' ? 'single' : label,
    key: label === 'map' ? TYPE_NUMBER[key] : undefined,
    deprecated,
    optional: label === 'optional',
  };
}

const LABELS: { readonly [kind: string]: string } = { list: 'repeated', map: 'map' };

/** The numbers that descriptor.proto has for types. */
const TYPE_NUMBER: { readonly [type: string]: number } = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
};
