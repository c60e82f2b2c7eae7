import { expect, it, jest } from '@jest/globals';
import { type EmbeddedProto, embeddedProto } from 'tributary';

/** A file of one package, which imports others by their names. */
function file(name: string, text: string, ...imports: readonly EmbeddedProto[]) {
  const lines = imports.map((imported) => `import "${imported.name}";`);
  const source = jest.fn(() => ['syntax = "proto2"; package p;', ...lines, text].join('\n'));
  const byName = Object.fromEntries(imports.map((imported) => [imported.name, imported]));
  return { source, proto: embeddedProto({ name, source, imports: byName }) };
}

const money = () => file('money.proto', 'message Money { optional int64 units = 1; }');
const use = (name: string, imported: EmbeddedProto) =>
  file(`${name}.proto`, `message ${name} { optional Money money = 1; }`, imported);
const value = { money: { units: 5n } };

function roundTrip(proto: EmbeddedProto, name: string, message: object): unknown {
  const codec = proto.message<object>(`p.${name}`);
  return codec.decode(codec.encode(message));
}

it.each([['imports first'], ['importers first']])(
  'linked files are parsed once, together: %s',
  (order) => {
    const common = money();
    const uses = ['A', 'B', 'C'].map((name) => use(name, common.proto));
    const all = [common, ...uses];
    if (order === 'importers first') all.reverse();
    const roots = new Set(all.map(({ proto }) => proto.schema.root));
    expect(roots.size).toBe(1);
    for (const { source } of all) expect(source).toHaveBeenCalledTimes(1);
    for (const [i, { proto }] of uses.entries()) {
      expect(roundTrip(proto, 'ABC'.charAt(i), value)).toEqual(value);
    }
  },
);

it('a schema lists what its file and the imports of that have, not what lies beside them', () => {
  const common = money();
  const [a, b] = [use('A', common.proto), use('B', common.proto)];
  expect(b.proto.schema.messageNames.sort()).toEqual(['p.B', 'p.Money']);
  expect(b.proto.schema.files.map(({ path }) => path)).toEqual(['money.proto', 'B.proto']);
  expect(common.proto.schema.messageNames).toEqual(['p.Money']);
  expect(() => common.proto.schema.message('p.A')).toThrow('no message p.A');
  expect(a.proto.schema.files.map(({ path }) => path)).toEqual(['money.proto', 'A.proto']);
});

it('a file that comes when the others are in use already is parsed for itself', () => {
  const common = money();
  expect(roundTrip(common.proto, 'Money', { units: 1n })).toEqual({ units: 1n });
  const late = use('Late', common.proto);
  const later = file('later.proto', 'message Later { optional Late late = 1; }', late.proto);
  expect(roundTrip(later.proto, 'Later', { late: value })).toEqual({ late: value });
  expect(roundTrip(late.proto, 'Late', value)).toEqual(value);
});

it('a file that is wrong says so; the others are as they were', () => {
  const common = money();
  const wrong = file('wrong.proto', 'message Wrong { optional Missing a = 1; }', common.proto);
  const right = use('Right', common.proto);
  expect(roundTrip(right.proto, 'Right', value)).toEqual(value);
  expect(() => roundTrip(wrong.proto, 'Wrong', {})).toThrow('cannot find the type Missing');
  expect(roundTrip(common.proto, 'Money', { units: 1n })).toEqual({ units: 1n });
});

it('files that declare the same go apart', () => {
  const common = money();
  const [one, two] = [use('Same', common.proto), use('Same', common.proto)];
  const three = file('three.proto', 'message Same { optional string text = 1; }', common.proto);
  for (const { proto } of [one, two]) expect(roundTrip(proto, 'Same', value)).toEqual(value);
  expect(roundTrip(three.proto, 'Same', { text: 'a' })).toEqual({ text: 'a' });
});

it('a message does not know the extensions of files that it does not import', () => {
  const base = file('base.proto', 'message Base { extensions 10 to 20; }');
  const more = file('more.proto', 'extend Base { optional int32 more = 10; }', base.proto);
  const user = file(
    'user.proto',
    'message User { optional Base base = 1; }',
    more.proto,
    base.proto,
  );
  expect(roundTrip(base.proto, 'Base', { '[p.more]': 1 })).toEqual({});
  expect(roundTrip(user.proto, 'User', { base: { '[p.more]': 1 } })).toEqual({
    base: { '[p.more]': 1 },
  });
});
