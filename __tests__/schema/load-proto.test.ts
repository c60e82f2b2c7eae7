import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DynamicMessage,
  loadProto,
  loadService,
  type ServerStream,
  type ServiceDescriptor,
  type Unary,
} from '../../lib/schema/index.js';
import { schemaOf } from './schema-of.js';

const fixtures = new URL('./proto/', import.meta.url);
const order = new URL('shop/orders/order.proto', fixtures);
const needsVendor = new URL('needs-vendor.proto', fixtures);
const vendor = new URL('vendor', fixtures);

describe('loadService', () => {
  it('describes the methods under their lowerCamel names', async () => {
    const Orders = await loadService(order, 'shop.orders.Orders');
    expect(Orders.name).toBe('shop.orders.Orders');
    expect(Object.values(Orders.methods).map(({ name, kind, path }) => [name, kind, path])).toEqual(
      [
        ['place', 'unary', '/shop.orders.Orders/Place'],
        ['watchAll', 'serverStream', '/shop.orders.Orders/WatchAll'],
        ['addLines', 'clientStream', '/shop.orders.Orders/add_lines'],
        ['talk', 'bidiStream', '/shop.orders.Orders/Talk'],
      ],
    );
  });

  it('is typed by its parameter', async () => {
    interface Order {
      lines: { what: string }[];
    }
    type Methods = { place: Unary<Order, object>; watchAll: ServerStream<object, Order> };
    const Orders: ServiceDescriptor<Methods> = await loadService<Methods>(
      order,
      'shop.orders.Orders',
    );
    const decoded: Order = Orders.methods.place.request.decode(Buffer.from([10, 0]));
    expect(decoded.lines[0]?.what).toBe('');
    // @ts-expect-error: a number is no string
    expect(() => Orders.methods.place.request.encode({ lines: [{ what: 1 }] })).toThrow(TypeError);
  });

  it('names the services there are', async () => {
    await expect(loadService(order, 'shop.Orders')).rejects.toThrow(
      'no service shop.Orders in the loaded proto files; there is shop.orders.Orders',
    );
    await expect(loadService(order, '')).rejects.toThrow(TypeError);
  });
});

describe('imports', () => {
  it('are found beside the file, above it and built in', async () => {
    const schema = await loadProto(order);
    expect(schema.messageNames).toEqual(
      expect.arrayContaining(['common.Money', 'shop.orders.Line']),
    );
    const Order = schema.message('shop.orders.Order');
    const value = {
      lines: [{ what: 'tea', price: { currency: 'EUR', minorUnits: 350n } }],
      total: { currency: 'EUR', minorUnits: 350n },
      at: { seconds: 1_700_000_000n, nanos: 5 },
      within: { seconds: -1n, nanos: 0 },
      notes: {
        fields: { gift: { boolValue: true }, list: { listValue: { values: [{ nullValue: 0 }] } } },
      },
      points: { value: 2n ** 60n },
      extra: { typeUrl: 'x/y', value: new Uint8Array([1]) },
      mask: { paths: ['a.b'] },
    };
    expect(Order.decode(Order.encode(value))).toStrictEqual(value);
  });

  it('are found in include directories, which come first', async () => {
    for (const dir of [
      vendor,
      fileURLToPath(vendor),
      relative(process.cwd(), fileURLToPath(vendor)),
    ]) {
      const schema = await loadProto(needsVendor, { includeDirs: [dir] });
      expect(schema.messageNames).toEqual(['needs.Box', 'acme.Part']);
    }
  });

  it('name every place that was looked at', async () => {
    const includeDirs = [new URL('common', fixtures)];
    const failure = loadProto(needsVendor, { includeDirs });
    await expect(failure).rejects.toThrow(
      /cannot find the proto file acme\/parts\.proto, imported by .*needs-vendor\.proto/,
    );
    await expect(failure).rejects.toThrow(
      fileURLToPath(new URL('common/acme/parts.proto', fixtures)),
    );
    await expect(failure).rejects.toThrow(fileURLToPath(new URL('acme/parts.proto', fixtures)));
  });

  it('that two files share are loaded once', async () => {
    const files = ['shop/orders/order.proto', 'shop/orders/line.proto', 'common/money.proto'];
    const schema = await loadProto(files.map((file) => new URL(file, fixtures)));
    expect(schema.messageNames.filter((name) => name === 'common.Money')).toHaveLength(1);
  });

  it.each(['api', 'type', 'source_context', 'descriptor', 'any', 'struct', 'compiler/plugin'])(
    'of google/protobuf/%s.proto need no file',
    async (name) => {
      const schema = await loadProto(`google/protobuf/${name}.proto`);
      // The one message among them that has required fields.
      const names = schema.messageNames.filter((message) => !message.endsWith('.NamePart'));
      for (const message of names)
        expect(schema.message(message).decode(new Uint8Array(0))).toBeDefined();
      expect(names).not.toHaveLength(0);
    },
  );
});

describe('paths', () => {
  it('may be relative to the working directory, or file: URLs', async () => {
    const path = relative(process.cwd(), fileURLToPath(order));
    for (const file of [path, order, order.href, [path]]) {
      expect((await loadProto(file)).serviceNames).toEqual(['shop.orders.Orders']);
    }
  });

  it('may be names under an include directory', async () => {
    const schema = await loadProto('acme/parts.proto', { includeDirs: [vendor] });
    expect(schema.messageNames).toEqual(['acme.Part']);
  });
});

describe('errors', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'schema-'));
  });
  afterAll(() => rm(dir, { recursive: true }));
  const load = async (source: string) => {
    await writeFile(join(dir, 'bad.proto'), source);
    return loadProto(join(dir, 'bad.proto'));
  };

  it('of syntax name file and line', async () => {
    await expect(load('syntax = "proto3";\nmessage M {\n  string a = ;\n}')).rejects.toThrow(
      /bad\.proto:3: expected a number, got ';'/,
    );
    await expect(load('message M {}\nmessage M {}')).rejects.toThrow(
      /bad\.proto: duplicate name 'M'/,
    );
  });

  it('of a missing type name the field and the type', async () => {
    await expect(
      load('syntax = "proto3"; package p; message M { Missing m = 1; }'),
    ).rejects.toThrow(/^p\.M\.m: cannot find the type Missing \(in .*bad\.proto\)$/);
    await expect(
      load('syntax = "proto3"; message M {} service S { rpc Do(M) returns (Gone); }'),
    ).rejects.toThrow(/^S\.Do: cannot find the message Gone/);
    await expect(
      load('syntax = "proto2"; extend Nobody { optional int32 a = 1; }'),
    ).rejects.toThrow(/Nobody/);
  });

  it('of a missing file name where it was looked for', async () => {
    await expect(loadProto('no/such.proto', { includeDirs: [vendor] })).rejects.toThrow(
      `looked at\n  ${join(process.cwd(), 'no/such.proto')}\n  ${join(fileURLToPath(vendor), 'no/such.proto')}`,
    );
  });

  it.each([
    [undefined, {}, 'expected files to be paths or file: URLs, got undefined'],
    [[], {}, 'expected files to name at least one proto file'],
    [['a.proto', 5], {}, 'expected files to be paths or file: URLs, got 5 (number)'],
    [new URL('http://x.test/a.proto'), {}, 'expected files to be paths or file: URLs'],
    [
      'a.proto',
      { includeDirs: 'x' },
      "expected includeDirs to be an array of directories, got 'x' (string)",
    ],
    [
      'a.proto',
      { includeDirs: [1] },
      'expected includeDirs to be paths or file: URLs, got 1 (number)',
    ],
    ['a.proto', { includes: [] }, 'unknown option includes; there is only includeDirs'],
    ['a.proto', null, 'expected options to be an object, got null'],
  ])('of arguments say what was expected: %p, %p', async (files, options, message) => {
    const failure = loadProto(files as never, options as never);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(TypeError);
  });
});

describe('a schema', () => {
  const schema = schemaOf(
    'syntax = "proto3"; package p; message Outer { message Inner {} enum E { A = 0; } }',
  );

  it('gives the same codec each time, and lists its names', () => {
    expect(schema.message<DynamicMessage>('p.Outer')).toBe(schema.message('p.Outer'));
    expect([schema.messageNames, schema.enumNames, schema.serviceNames]).toEqual([
      ['p.Outer', 'p.Outer.Inner'],
      ['p.Outer.E'],
      [],
    ]);
  });

  it('names what there is when asked for something else', () => {
    expect(() => schema.message('Inner')).toThrow(
      'no message Inner in the loaded proto files; there is p.Outer, p.Outer.Inner',
    );
    expect(() => schema.enum('E')).toThrow('there is p.Outer.E');
    expect(() => schema.service('S')).toThrow('there is none');
  });

  it('refuses names that would hide one another', () => {
    const twins = schemaOf(
      'syntax = "proto3"; message M { } service S { rpc Do(M) returns (M); rpc do(M) returns (M); }',
    );
    expect(() => twins.service('S')).toThrow('S: the methods Do and do are both do here');
    const fields = schemaOf(
      'syntax = "proto2"; message M { optional int32 a_b = 1; optional int32 aB = 2; }',
    );
    expect(() => fields.message('M').encode({})).toThrow(
      'M: two fields are both named aB in lowerCamel',
    );
  });
});
