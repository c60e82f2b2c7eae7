/** Type tests of generated code: as `surface.ts`, this file only has to compile. */
import { type Client, MemoryTransport, Server, type ServiceDescriptor, type Stub } from 'tributary';
import * as clashes from '../codegen/generated/clashes.js';
import {
  type Choice,
  type ChoiceInput,
  Color,
  type ColorName,
  type Empty,
  type EmptyInput,
  type Lists,
  type ListsInput,
  type ManyChoicesInput,
  type Maps,
  type MapsInput,
  type OptionalScalars,
  type OptionalScalarsInput,
  Scalars,
  type ScalarsInput,
  type Tree,
  type TreeInput,
  type WellKnown,
  type WellKnownInput,
} from '../codegen/generated/everything.js';
import type { Value, ValueInput } from '../codegen/generated/google/protobuf/struct.js';
import type { Old, OldInput } from '../codegen/generated/legacy.js';
import { Shop, type ShopMethods, type Thing } from '../codegen/generated/shop/service.js';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function isTrue<_T extends true>(): void {}
function takes<T>(_value: T): void {}

declare const client: Client;
declare const maybe: Tree | undefined;

/** What was read may be written. */
export function readToWrite(
  scalars: Scalars,
  optional: OptionalScalars,
  lists: Lists,
  maps: Maps,
  choice: Choice,
  tree: Tree,
  wellKnown: WellKnown,
  value: Value,
  old: Old,
  empty: Empty,
): void {
  takes<ScalarsInput>(scalars);
  takes<OptionalScalarsInput>(optional);
  takes<ListsInput>(lists);
  takes<MapsInput>(maps);
  takes<ChoiceInput>(choice);
  takes<TreeInput>(tree);
  takes<WellKnownInput>(wellKnown);
  takes<ValueInput>(value);
  takes<OldInput>(old);
  takes<EmptyInput>(empty);
  isTrue<Equal<typeof Scalars.decode, (bytes: Uint8Array) => Scalars>>();
}

export function fields(scalars: Scalars, optional: OptionalScalars, tree: Tree): void {
  isTrue<Equal<typeof scalars.anInt64, bigint>>();
  isTrue<Equal<typeof scalars.someBytes, Uint8Array>>();
  isTrue<Equal<typeof optional.anInt32, number | undefined>>();
  isTrue<Equal<typeof tree.branches, Tree[]>>();
  isTrue<Equal<typeof tree.named, { [key: string]: Tree }>>();
  // @ts-expect-error it may not have been sent
  tree.leaf.season;
  // @ts-expect-error no such field
  scalars.aDuble;

  Scalars.encode({});
  Scalars.encode({ anInt64: 5, aUint64: 5n, aString: null, aBool: undefined });
  // @ts-expect-error no such field
  Scalars.encode({ aDuble: 5 });
  // @ts-expect-error no bigint
  Scalars.encode({ anInt32: 5n });
  // @ts-expect-error no text
  Scalars.encode({ anInt64: '5' });
  // @ts-expect-error one level down
  takes<TreeInput>({ leaf: { seasons: 1 } });
  // @ts-expect-error an empty message has no fields
  takes<EmptyInput>({ a: 1 });
  // @ts-expect-error a required field
  takes<OldInput>({});
  takes<OldInput>({ name: 'a', '[legacy.note]': 'b' });
}

export function enums(color: Color): void {
  takes<Color>(Color.COLOR_RED);
  takes<Color>(99);
  takes<number>(color);
  takes<ColorName>('COLOR_RED');
  // @ts-expect-error no such name
  takes<ColorName>('COLOR_BLUE');
  // @ts-expect-error no such name
  Color.COLOR_BLUE;
  // @ts-expect-error names are no values
  takes<Color>('COLOR_RED');
}

export function oneofs(choice: Choice, value: Value): void {
  if (choice.tree !== undefined) {
    isTrue<Equal<typeof choice.tree, Tree>>();
    isTrue<Equal<typeof choice.text, undefined>>();
  } else if (choice.number !== undefined) {
    isTrue<Equal<typeof choice.number, bigint>>();
  }
  isTrue<Equal<typeof choice.label, string>>();
  if (value.listValue !== undefined) takes<Value[]>(value.listValue.values);

  takes<ChoiceInput>({ label: 'a', text: 'b', never: true });
  takes<ChoiceInput>({ text: 'b', tree: undefined, number: null });
  takes<ChoiceInput>({ tree: maybe });
  // @ts-expect-error two of one oneof
  takes<ChoiceInput>({ text: 'b', number: 1 });
  // @ts-expect-error no such field
  takes<ChoiceInput>({ texts: 'b' });
  // @ts-expect-error two of one oneof
  takes<ManyChoicesInput>({ a1: 1, a2: 2, b1: 1, c1: 1 });
  takes<ManyChoicesInput>({ a1: 1, b1: 1, c1: 1, c2: 2 });
}

export async function calling(): Promise<void> {
  const stub = client.stub(Shop);
  isTrue<Equal<typeof stub, Stub<ShopMethods>>>();
  isTrue<Equal<typeof Shop, ServiceDescriptor<ShopMethods>>>();
  const price = await stub.getPrice({ name: 'tea' });
  isTrue<Equal<typeof price.units, bigint>>();
  for await (const thing of stub.watchPrices({})) isTrue<Equal<typeof thing, Thing>>();
  // @ts-expect-error no such field
  await stub.getPrice({ nmae: 'tea' });
  // @ts-expect-error no such method
  stub.getPrise;
  // @ts-expect-error an unary call is no stream
  stub.getPrice({}).read();
  // @ts-expect-error nothing is written to a server stream
  stub.watchPrices({}).write({});
  // @ts-expect-error a wrong message
  await stub.pay().write({ name: 'tea' });
}

export function answering(server: Server): void {
  const others = {
    getPrice: () => ({ units: 1 }),
    pay: () => Promise.resolve({ text: '' }),
    talkAboutThePricesOfAllTheThingsThatAreSold: () => Promise.resolve(),
  };
  server.add(Shop, { ...others, watchPrices: () => [] });
  // @ts-expect-error a handler is missing
  server.add(Shop, others);
  // @ts-expect-error a handler of another kind
  server.add(Shop, { ...others, watchPrices: () => ({ name: 'tea' }) });
  // @ts-expect-error another message
  server.add(Shop, { ...others, watchPrices: () => [{ units: 1 }] });
  // @ts-expect-error no such field
  server.add(Shop, { ...others, watchPrices: () => [], getPrice: ({ nmae }) => ({ units: nmae }) });
}

export const clashing: clashes.delete_ = { new: 'a' };
export const methods = new Server({ transport: new MemoryTransport() }).add(clashes.Methods, {
  new: () => ({ unary: 'a' }),
  do: ({ unary }) => ({ units: unary.length }),
});
