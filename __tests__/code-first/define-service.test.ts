import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import {
  bidiStream,
  biStream,
  connect,
  defineService,
  enumType,
  field,
  MemoryTransport,
  message,
  oneof,
  Server,
  unary,
  wellKnown,
} from 'tributary';
import { codeFirstOf } from '../../lib/code-first/code-first.js';
import { soon, whenOver } from '../stories/harness.js';
import { printed } from './print.js';

/** A directory with this text as a file of it. */
function directoryWith(path: string, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'code-first-'));
  whenOver(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, path, '..'), { recursive: true });
  writeFileSync(join(directory, path), text);
  return directory;
}

it('is called as any service', async () => {
  const Color = enumType('Color', { COLOR_UNSPECIFIED: 0, COLOR_RED: 1 });
  const Thing = message('Thing', {
    color: field.enum(Color),
    size: field.int64(),
    note: field.string().optional(),
    parts: field.map('string', field.double()),
    at: field.message(wellKnown.Timestamp),
    name: oneof({ text: field.string(), number: field.int32() }),
  });
  const Things = defineService('things.v1.Things', { swap: biStream(Thing, Thing) });
  const transport = new MemoryTransport();
  const server = new Server({ transport }).add(Things, {
    async *swap(things) {
      for await (const thing of things) yield { ...thing, color: Color.numbers.COLOR_RED };
    },
  });
  whenOver(() => server.close({ grace: 0 }));
  await server.listen('things');
  const client = connect('things', { transport });
  whenOver(() => client.close());
  const stream = client.stub(Things).swap();
  await stream.write({ size: 5, number: 0, parts: { a: 0.5 }, at: { seconds: 7n } });
  expect(await soon(stream.read(), 'the thing to come back')).toEqual({
    color: 1,
    size: 5n,
    parts: { a: 0.5 },
    at: { seconds: 7n, nanos: 0 },
    number: 0,
  });
  await expect(stream.write({ size: 0.5 })).rejects.toThrow('things.v1.Thing.size: expected');
  stream.cancel();
});

it('has its files as schema, as reflection shows them', () => {
  const M = message('M', { empty: field.message(wellKnown.Empty) });
  const S = defineService('app.S', { a: unary(M, M) });
  expect(S.schema?.files.map(({ path }) => path)).toEqual([
    'app/s.proto',
    'google/protobuf/empty.proto',
  ]);
  expect(S.schema?.files[0]?.source).toBe(printed(S));
});

it('shares messages with other services, whichever comes first', () => {
  const Shared = message('Shared', { a: field.bool() });
  const Own = message('Own', { shared: field.message(Shared) });
  const First = defineService('app.First', { a: unary(Shared, Shared) });
  const before = First.schema;
  const Second = defineService('app.Second', { b: unary(wellKnown.Empty, Own) });
  expect(First.schema).toBe(Second.schema);
  expect(First.schema).not.toBe(before);
  expect(First.schema?.files[0]?.source).toMatch(/service First [\s\S]*service Second /);
  expect(codeFirstOf(First)?.group()).toBe(codeFirstOf(Second)?.group());
});

it('is alone with nothing but well-known types', () => {
  const Ping = defineService('app.Ping', { ping: unary(wellKnown.Empty, wellKnown.StringValue) });
  expect(Ping.schema?.files[0]?.source).toContain('(google.protobuf.StringValue)');
  expect(codeFirstOf(Ping)?.group().services).toHaveLength(1);
});

it('refuses a second service of its name over the same messages', () => {
  const M = message('M', {});
  defineService('app.S', { a: unary(M, M) });
  expect(() => defineService('app.S', { a: unary(M, M) })).toThrow(
    'app.S is both a service and a service',
  );
});

it('encodes a message that no service uses', () => {
  const Alone = message('app.v1.Alone', { inner: field.message(message('Alone.Inner', {})) });
  expect(Alone.decode(Alone.encode({ inner: {} }))).toEqual({ inner: {} });
  expect(() => Alone.encode({ inner: 5 as never })).toThrow('app.v1.Alone.inner: expected');
});

it('takes numbers that were left out from the file', () => {
  const text =
    'syntax = "proto3"; package app; message M { reserved 7; bool b = 5; bool old = 6; }';
  const directory = directoryWith('app/s.proto', text);
  const M = message('M', { a: field.bool(), b: field.bool(), c: field.bool(3), d: field.bool() });
  defineService('app.S', { a: unary(M, M) }, { protos: pathToFileURL(directory) });
  // a: next after all that there were; b: as it was; c: as declared; d: behind a.
  const bytes = M.encode({ a: true, b: true, c: true, d: true });
  expect([...bytes].filter((_, i) => i % 2 === 0).map((tag) => tag >> 3)).toEqual([3, 5, 8, 9]);
});

it('does not guess numbers when the file is not there', () => {
  const directory = directoryWith('app/other.proto', 'syntax = "proto3";');
  const M = message('M', { a: field.bool() });
  defineService('app.S', { a: unary(M, M) }, { protos: directory });
  expect(() => M.encode({})).toThrow(
    /s\.proto is not there, and fields leave their numbers to it: print it with `tributary proto --out .*`$/,
  );
  const Numbered = message('N', { a: field.bool(1) });
  defineService('app.T', { a: unary(Numbered, Numbered) }, { protos: directory });
  expect(Numbered.encode({ a: true })).toEqual(Buffer.from([8, 1]));
});

it('refuses numbers that come too late, and from two directories', () => {
  const M = message('M', { a: field.bool() });
  M.encode({});
  expect(() => defineService('app.S', { a: unary(M, M) }, { protos: 'here' })).toThrow(
    "defineService('app.S') comes too late: its messages have been encoded or decoded before",
  );
  const N = message('N', { a: field.bool() });
  defineService('app.S', { a: unary(N, N) }, { protos: 'here' });
  expect(() => defineService('app.T', { a: unary(N, N) }, { protos: 'there' })).toThrow(
    /^app\.T shares messages with other services, but not their protos: .*here and .*there$/,
  );
});

it('says where a file that was printed is not valid', () => {
  const directory = directoryWith(
    'app/s.proto',
    'syntax = "proto3";\nmessage M {\n  bool a = ;\n}',
  );
  const M = message('M', { a: field.bool() });
  defineService('app.S', { a: bidiStream(M, M) }, { protos: directory });
  expect(() => M.encode({})).toThrow(/app\/s\.proto:3: expected a number, got ';'/);
});

it('knows the well-known types', () => {
  const at = wellKnown.Timestamp.decode(wellKnown.Timestamp.encode({ seconds: 5 }));
  expect(at).toEqual({ seconds: 5n, nanos: 0 });
  const value = { structValue: { fields: { a: { listValue: { values: [{ nullValue: 0 }] } } } } };
  expect(wellKnown.Value.decode(wellKnown.Value.encode(value))).toEqual(value);
  for (const type of Object.values(wellKnown)) expect(type.encode({} as never)).toHaveLength(0);
});
