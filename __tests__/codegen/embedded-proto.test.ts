import { describe, expect, it, jest } from '@jest/globals';
import {
  addReflection,
  connect,
  embeddedProto,
  MemoryTransport,
  Server,
  type ServiceDescriptor,
} from 'tributary';
import { fileDescriptors } from '../../lib/schema/descriptors/file-descriptors.js';
import { reflectionService } from '../../lib/services/reflection/reflection-service.js';
import { clashesProto_ } from './generated/clashes.js';
import { editionProto } from './generated/edition.js';
import { Color, everythingProto } from './generated/everything.js';
import { Old } from './generated/legacy.js';
import { Closed, Shop, serviceProto } from './generated/shop/service.js';

describe('embeddedProto()', () => {
  it('reads its text when it is first needed, once', () => {
    const source = jest.fn(() => 'syntax = "proto3"; message M { int32 a = 1; }');
    const file = embeddedProto({ name: 'm.proto', source });
    const message = file.message<{ a: number }>('M');
    expect(message.name).toBe('M');
    expect(source).not.toHaveBeenCalled();
    expect(message.decode(message.encode({ a: 7 }))).toEqual({ a: 7 });
    expect(message.schema).toBe(file.schema);
    expect(source).toHaveBeenCalledTimes(1);
  });

  it('finds what is imported by another name', () => {
    const two = embeddedProto({
      name: 'a/two.proto',
      source: () => 'syntax = "proto3"; message Two { int32 b = 1; }',
    });
    const one = embeddedProto({
      name: 'a/one.proto',
      source: () => 'syntax = "proto3"; import "two.proto"; message One { Two two = 1; }',
      imports: { 'two.proto': two },
    });
    const { encode, decode } = one.message<{ two: { b: number } }>('One');
    expect(decode(encode({ two: { b: 1 } }))).toEqual({ two: { b: 1 } });
    const names = [...fileDescriptors([one.schema])].map(([name, { descriptor }]) => [
      name,
      descriptor.dependency,
    ]);
    expect(names).toEqual([
      ['a/two.proto', []],
      ['a/one.proto', ['a/two.proto']],
    ]);
  });

  it("has Google's files without a text", () => {
    const file = embeddedProto({ name: 'google/protobuf/empty.proto' });
    expect(file.schema.messageNames).toEqual(['google.protobuf.Empty']);
  });

  it('says what is wrong', () => {
    const source = () => 'syntax = "proto3"; import "x.proto";';
    expect(() => embeddedProto({ name: '' })).toThrow(
      "embeddedProto() takes the name of a file, got '' (string)",
    );
    expect(() => embeddedProto({ name: 'a', text: 'b' } as never)).toThrow(/no option 'text'/);
    expect(() => embeddedProto({ name: 'a', source: 'b' } as never)).toThrow(
      "the source of a must be a function, got 'b' (string)",
    );
    expect(() => embeddedProto({ name: 'a', imports: { b: {} as never } })).toThrow(
      'a imports b: expected an embeddedProto(), got {}',
    );
    expect(() => embeddedProto({ name: 'a', source }).schema).toThrow('a: x.proto is not built in');
    const missing = embeddedProto({ name: 'm.proto', source: () => '' }).message('M');
    expect(() => missing.encode({})).toThrow('no message M in the loaded proto files');
  });
});

describe('generated code', () => {
  it('is a service that stubs and servers understand', async () => {
    const transport = new MemoryTransport();
    await using server = new Server({ transport }).add(Shop, {
      getPrice: ({ name }) => ({ units: name.length, currency: 1 }),
      async *watchPrices() {
        yield { name: 'tea', price: { units: 3n } };
      },
      async pay(stream) {
        let sum = 0n;
        for await (const { units } of stream) sum += units;
        return { text: `${sum}` };
      },
      async *talkAboutThePricesOfAllTheThingsThatAreSold(stream) {
        yield* stream;
      },
    });
    await server.listen('shop');
    await using client = connect('shop', { transport });
    const stub = client.stub(Shop);
    expect(await stub.getPrice({ name: 'coffee' })).toEqual({ units: 6n, currency: 1 });
    expect(await stub.watchPrices({}).read()).toEqual({
      name: 'tea',
      price: { currency: 0, units: 3n },
      priceInWords: undefined,
    });
    expect(await stub.pay([{ units: 1n }, { units: 41 }])).toEqual({ text: '42' });
    expect(Shop.methods.watchPrices.path).toBe('/shop.Shop/watch_prices');
    expect(Closed).toMatchObject({ name: 'shop.Closed', methods: {} });
  });

  it('has a schema that reflection shows', async () => {
    const transport = new MemoryTransport();
    const handlers = { getPrice: () => ({}) };
    await using server = addReflection(new Server({ transport }));
    server.add(Shop as ServiceDescriptor<Pick<typeof Shop.methods, 'getPrice'>>, handlers);
    await server.listen('reflected');
    await using client = connect('reflected', { transport });
    const stream = client.stub(reflectionService('v1')).serverReflectionInfo();
    await stream.write({ host: '', fileContainingSymbol: 'shop.Shop' });
    const reply = (await stream.read()) as {
      fileDescriptorResponse?: { fileDescriptorProto: Uint8Array[] };
    };
    // The file itself, common/money.proto, other/money.proto and google/protobuf/empty.proto.
    expect(reply.fileDescriptorResponse?.fileDescriptorProto).toHaveLength(4);
  });

  it('has the numbers of enums, and the defaults of proto2', () => {
    expect(Color.COLOR_CRIMSON).toBe(Color.COLOR_RED);
    expect(Old.decode(Old.encode({ name: 'a' }))).toMatchObject({
      size: -7,
      big: 9223372036854775807n,
      text: 'a "quoted" \\ text\n',
      ratio: -Infinity,
      kind: 2,
      flag: true,
      '[legacy.counts]': [],
    });
  });

  it('holds files that can be described, each with those that it needs', () => {
    const files = [clashesProto_, editionProto, everythingProto, serviceProto];
    const names = [...fileDescriptors(files.map(({ schema }) => schema)).keys()];
    expect(names).toContain('common/money.proto');
    expect(names).toContain('google/protobuf/struct.proto');
    expect(new Set(names).size).toBe(names.length);
  });
});
