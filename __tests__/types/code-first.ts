/** Type tests of what is declared in code: as `surface.ts`, this file only has to compile. */
import {
  bidiStream,
  biStream,
  type Client,
  clientStream,
  defineService,
  type EnumValue,
  EOF,
  enumType,
  field,
  type InputOf,
  type MessageOf,
  type MessageType,
  message,
  oneof,
  type Server,
  serverStream,
  unary,
  wellKnown,
} from 'tributary';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function isTrue<_T extends true>(): void {}

declare const client: Client;
declare const server: Server;

const Color = enumType('Color', { COLOR_UNSPECIFIED: 0, COLOR_RED: 1 });
const Plain = message('Plain', {
  text: field.string(1, 'what'),
  size: field.int64(2),
  ratio: field.double('of all'),
  data: field.bytes(),
  note: field.string().optional(),
  tags: field.string().repeated(),
  sizes: field.uint64().repeated(),
  color: field.enum(Color),
  at: field.message(wellKnown.Timestamp),
  parts: field.map('int32', field.message(wellKnown.Duration)),
});
const Choice = message('Choice', {
  id: field.int32(),
  body: oneof({ text: field.string(), image: field.bytes(), plain: field.message(Plain) }),
  mood: oneof({ good: field.bool(), bad: field.bool() }),
});

export function messages(plain: MessageOf<typeof Plain>): void {
  isTrue<Equal<typeof plain.text, string>>();
  isTrue<Equal<typeof plain.size, bigint>>();
  isTrue<Equal<typeof plain.data, Uint8Array>>();
  isTrue<Equal<typeof plain.note, string | undefined>>();
  isTrue<Equal<typeof plain.tags, string[]>>();
  isTrue<Equal<typeof plain.sizes, bigint[]>>();
  isTrue<
    Equal<typeof plain.color, EnumValue<{ readonly COLOR_UNSPECIFIED: 0; readonly COLOR_RED: 1 }>>
  >();
  isTrue<Equal<NonNullable<typeof plain.at>['seconds'], bigint>>();
  // A key that is not there reads as undefined, whatever the types say without noUncheckedIndexedAccess.
  isTrue<Equal<(typeof plain.parts)[string]['nanos'], number>>();
  // @ts-expect-error no such field
  plain.txet;

  Plain.encode({});
  Plain.encode({ size: 5, sizes: [1, 2n], at: { seconds: 5 }, note: null, color: 7 });
  // What is read can be written again.
  Plain.encode(plain);
  // @ts-expect-error no such field
  Plain.encode({ txet: '' });
  // @ts-expect-error another type
  Plain.encode({ text: 5 });
  // @ts-expect-error another type, one level down
  Plain.encode({ at: { seconds: '5' } });
  // @ts-expect-error a list
  Plain.encode({ tags: 'a' });
  // @ts-expect-error no such constant
  Plain.encode({ color: Color.numbers.COLOR_BLUE });
  // @ts-expect-error the name of a constant is not its number
  Plain.encode({ color: 'COLOR_RED' });
  const input: InputOf<typeof Plain> = { parts: { 5: { nanos: 1 } } };
  Plain.encode(input);
}

export function oneofs(choice: MessageOf<typeof Choice>): void {
  if (choice.text !== undefined) {
    isTrue<Equal<typeof choice.text, string>>();
    isTrue<Equal<typeof choice.image, undefined>>();
    isTrue<Equal<typeof choice.plain, undefined>>();
    isTrue<Equal<typeof choice.id, number>>();
  } else if (choice.image !== undefined) {
    isTrue<Equal<typeof choice.plain, undefined>>();
  }
  Choice.encode(choice);
  Choice.encode({ id: 1, text: '', good: true });
  Choice.encode({ id: 1, plain: { text: '' } });
  // @ts-expect-error two of one
  Choice.encode({ text: '', image: new Uint8Array() });
  // @ts-expect-error two of the other
  Choice.encode({ good: true, bad: true });
  // @ts-expect-error no member of it
  Choice.encode({ id: 1, video: new Uint8Array() });
  // @ts-expect-error the name of a oneof is only in the .proto
  Choice.encode({ body: '' });
}

interface Tree {
  label: string;
  children: Tree[];
}
const Tree: MessageType<Tree, Partial<Tree>> = message('Tree', {
  label: field.string(),
  children: field.message((): MessageType<Tree, Partial<Tree>> => Tree).repeated(),
});

export function recursive(tree: MessageOf<typeof Tree>): void {
  isTrue<Equal<typeof tree, Tree>>();
  isTrue<Equal<InputOf<typeof Tree>, Partial<Tree>>>();
  // @ts-expect-error no such field, two levels down
  tree.children[0]?.children[0]?.labels;
}

// @ts-expect-error what is said of a message that holds itself must be so
export const WrongTree: MessageType<Tree, Partial<Tree>> = message('Tree', {
  label: field.int32(),
});

const Everything = defineService('app.v1.Everything', {
  ask: biStream(Plain, Choice),
  same: bidiStream(Plain, Choice),
  list: serverStream(wellKnown.Empty, Plain),
  tell: clientStream(Plain, Choice),
  get: unary(Plain, Tree, { comment: 'Gets it.' }),
});

export async function calls(): Promise<void> {
  const stub = client.stub(Everything);
  const tree = await stub.get({ text: 'a' });
  isTrue<Equal<typeof tree, Tree>>();
  // @ts-expect-error no such field
  await stub.get({ txet: 'a' });
  // @ts-expect-error no such method
  stub.gets({});
  const stream = stub.ask();
  await stream.write({ text: 'a' });
  // @ts-expect-error another message
  await stream.write({ id: 1 });
  const answer = await stream.read();
  if (answer !== EOF && answer.text !== undefined) isTrue<Equal<typeof answer.image, undefined>>();
  for await (const plain of stub.list({})) isTrue<Equal<typeof plain, MessageOf<typeof Plain>>>();
}

export function handlers(): void {
  server.add(Everything, {
    async *ask(requests) {
      for await (const { text } of requests) yield { text };
    },
    async same(stream) {
      for await (const { text } of stream) await stream.write({ text });
    },
    *list() {
      yield { text: 'a' };
    },
    tell: async () => ({ id: 1 }),
    get: ({ text }) => ({ label: text }),
  });
  // @ts-expect-error handlers are missing
  server.add(Everything, { get: () => ({}) });
  const Single = defineService('app.v1.Single', { get: unary(Plain, Choice) });
  // @ts-expect-error a wrong kind
  server.add(Single, { async *get() {} });
  // @ts-expect-error another reply
  server.add(Single, { get: () => ({ id: 'one' }) });
  // @ts-expect-error two members of a oneof
  server.add(Single, { get: () => ({ text: '', image: new Uint8Array() }) });
}

export function declarations(): void {
  // @ts-expect-error no field
  message('M', { a: 5 });
  // @ts-expect-error no number
  field.string({});
  // @ts-expect-error no key
  field.map('double', field.string());
  // @ts-expect-error no such value
  enumType('E', { E_0: 0 }, { comments: { E_1: '' } });
  // @ts-expect-error no such option
  message('M', {}, { reservd: [] });
  // @ts-expect-error not a message but one of its messages
  field.message({ text: '' });
  // @ts-expect-error a oneof in a oneof
  oneof({ a: oneof({ b: field.bool() }) });
}
