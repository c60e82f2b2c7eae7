import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getOption, hasOption } from '@bufbuild/protobuf';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fileDescriptors } from '../../../lib/schema/descriptors/file-descriptors.js';
import { loadProto, type ProtoSchema } from '../../../lib/schema/index.js';
import { link, readDescriptors } from './linked.js';
import { protoTrees } from './proto-trees.js';

const everything = fileURLToPath(new URL('proto/', import.meta.url));
const temporary: string[] = [];
afterAll(() => Promise.all(temporary.map((dir) => rm(dir, { recursive: true }))));

/** A directory with these files. */
async function treeOf(files: { readonly [name: string]: string }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tributary-descriptors-'));
  temporary.push(dir);
  for (const [name, source] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), source);
  }
  return dir;
}

function described(...schemas: ProtoSchema[]) {
  return readDescriptors([...fileDescriptors(schemas).values()].map(({ bytes }) => bytes));
}

describe.each(protoTrees)('the files of $name', ({ load }) => {
  it('link, with every message, enum and service in them', async () => {
    const schema = await load();
    expect(schema.files.length).toBeGreaterThan(0);
    const registry = link(described(schema));
    for (const name of schema.messageNames) expect(registry.getMessage(name)?.typeName).toBe(name);
    for (const name of schema.enumNames) expect(registry.getEnum(name)?.typeName).toBe(name);
    for (const name of schema.serviceNames) {
      const paths = Object.values(schema.service(name).methods).map(({ path }) => path);
      const methods = registry.getService(name)?.methods ?? [];
      expect(methods.map((method) => `/${name}/${method.name}`)).toEqual(paths);
    }
  });

  it('have one name each', async () => {
    const schema = await load();
    const names = described(schema).map(({ name }) => name);
    expect(new Set(names).size).toBe(schema.files.length);
  });
});

describe('what a descriptor says', () => {
  const load = async () =>
    link(
      described(
        await loadProto(['everything2.proto', 'everything3.proto', 'everything2024.proto'], {
          includeDirs: [everything],
        }),
      ),
    );

  it('defaults, names and presence of proto2', async () => {
    const holder = (await load()).getMessage('every.two.Holder');
    const defaults = holder?.fields.map(({ proto }) => proto.defaultValue).filter(Boolean);
    expect(defaults).toEqual([
      'it\'s "quoted"\n',
      '\\001\\\\ok',
      '-1.5',
      'inf',
      '-9223372036854775808',
      '18446744073709551615',
      'true',
    ]);
    expect(holder?.field.text?.jsonName).toBe('TEXT');
    expect(holder?.fields.find(({ name }) => name === 'oldgroup')?.proto.type).toBe(10);
    expect(holder?.field.many?.proto.options).toMatchObject({ packed: true, deprecated: true });
    expect(holder?.oneofs.map(({ name }) => name)).toEqual(['choice']);
  });

  it('extensions and custom options', async () => {
    const registry = await load();
    const names = ['every.two.note', 'every.two.Holder.nested_note'];
    for (const name of names) {
      expect(registry.getExtension(name)?.extendee.typeName).toBe('every.two.Extended');
    }
    const tag = registry.getExtension('every.two.tag');
    const detail = registry.getExtension('every.two.detail');
    if (tag === undefined || detail === undefined) throw new Error('the options are missing');
    const stamp = registry.getMessage('every.two.Holder')?.field.stamp;
    if (stamp === undefined) throw new Error('the field is missing');
    expect(getOption(stamp, tag)).toBe('a tag');
    expect(getOption(stamp, detail)).toMatchObject({ level: 2, label: 'x', weights: [1, 2] });
  });

  it('maps are repeated entries, made optional fields a oneof each, behind those declared', async () => {
    const message = (await load()).getMessage('every.three.message');
    const [entry] = message?.proto.nestedType ?? [];
    expect(entry).toMatchObject({ name: 'OddNameEntry', options: { mapEntry: true } });
    expect(message?.proto.oneofDecl.map(({ name }) => name)).toEqual(['which', '_maybe', '_at']);
    expect(message?.field.notPacked?.proto.options?.packed).toBe(false);
  });

  it('imports, the public ones marked, and options of the file', async () => {
    const file = (await load()).getFile('everything2.proto')?.proto;
    expect(file?.dependency).toEqual(['common/money.proto', 'google/protobuf/descriptor.proto']);
    expect(file?.publicDependency).toEqual([0]);
    expect(file?.options).toMatchObject({ javaPackage: 'com.example.every', optimizeFor: 2 });
  });

  it('features of an edition, where they are declared', async () => {
    const registry = await load();
    const file = registry.getFile('everything2023.proto');
    expect(file?.proto).toMatchObject({ syntax: 'editions', edition: 1000, package: '' });
    expect(file?.proto.options?.features?.fieldPresence).toBe(2);
    const { fields = [] } = registry.getMessage('NoPackage') ?? {};
    expect(fields.map(({ name, presence }) => [name, presence])).toEqual([
      ['implicit', 2],
      ['explicit', 1],
      ['needed', 3],
      ['spread', 2],
      ['delimited', 1],
      ['closed', 1],
    ]);
    expect(registry.getEnum('Closed')?.open).toBe(false);
  });
});

describe('the names of files', () => {
  const message = (name: string) => `syntax = "proto3"; message ${name} {}`;

  it('are those that they are imported by, however they were given', async () => {
    const dir = await treeOf({
      'a/main.proto': 'syntax = "proto3"; import "common/x.proto"; message Main { X x = 1; }',
      'a/common/x.proto': message('X'),
    });
    const schema = await loadProto([join(dir, 'a/common/x.proto'), join(dir, 'a/main.proto')]);
    expect([...fileDescriptors([schema]).keys()]).toEqual(['common/x.proto', 'main.proto']);
    link(described(schema));
  });

  it('are from the include directory, and never those of another file', async () => {
    const dir = await treeOf({
      'one/service.proto': message('One'),
      'two/service.proto': message('Two'),
    });
    const one = await loadProto('service.proto', { includeDirs: [join(dir, 'one')] });
    const two = await loadProto(join(dir, 'two/service.proto'));
    const again = await loadProto(join(dir, 'one/service.proto'));
    const registry = link(described(one, two, again));
    expect([...registry.files].map(({ proto }) => proto.name)).toEqual([
      'service.proto',
      'two/service.proto',
    ]);
    expect(registry.getMessage('Two')?.file.proto.name).toBe('two/service.proto');
  });

  it('leave out weak imports that are missing', async () => {
    const dir = await treeOf({
      'main.proto':
        'syntax = "proto2"; import weak "gone.proto"; import weak "here.proto"; message M {}',
      'here.proto': message('Here'),
    });
    const [main] = described(await loadProto(join(dir, 'main.proto')));
    expect(main).toMatchObject({ dependency: ['here.proto'], weakDependency: [0] });
  });
});

it('leaves out options whose value was not kept, and nothing else', async () => {
  const dir = await treeOf({
    'main.proto': `
      syntax = "proto3";
      import "google/protobuf/descriptor.proto";
      extend google.protobuf.FieldOptions {
        int64 exact = 50001;
      }
      message M {
        string rounded = 1 [(exact) = 9223372036854775807, deprecated = true, (unknown) = 1];
        string kept = 2 [(.exact) = 9007199254740991];
        string odd = 3 [ctype = NO_SUCH_THING, jstype = JS_NUMBER];
      }`,
  });
  const registry = link(described(await loadProto(join(dir, 'main.proto'))));
  const [rounded, kept, odd] = registry.getMessage('M')?.fields ?? [];
  const exact = registry.getExtension('exact');
  if (!rounded || !kept || !odd || !exact) throw new Error('a definition is missing');
  expect(hasOption(rounded, exact)).toBe(false);
  expect(rounded.proto.options?.deprecated).toBe(true);
  expect(getOption(kept, exact)).toBe(9007199254740991n);
  expect(odd.proto.options).toMatchObject({ ctype: 0, jstype: 2 });
});

it('reads the header of a file whose definitions look like statements', async () => {
  const dir = await treeOf({
    'odd.proto': `
      syntax = 'proto' "3"; // import "not.this";
      package odd.names;
      option java_package = "a;}{" "b";
      message option { string import = 1; reserved "}", "{"; }
      enum package { syntax = 0; }
      option (unknown) = { a: "{" };
      import "google/protobuf/empty.proto";
      message Uses { google.protobuf.Empty empty = 1; option o = 2; package p = 3; }`,
  });
  const registry = link(described(await loadProto(join(dir, 'odd.proto'))));
  const file = registry.getFile('odd.proto')?.proto;
  expect(file).toMatchObject({
    package: 'odd.names',
    syntax: 'proto3',
    dependency: ['google/protobuf/empty.proto'],
    options: { javaPackage: 'a;}{b' },
  });
  expect(registry.getMessage('odd.names.option')?.proto.reservedName).toEqual(['}', '{']);
});
