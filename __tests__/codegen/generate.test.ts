import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { generate, writeFiles } from '../../lib/codegen/index.js';
import { folderWith } from './in-folder.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const pathsOf = ({ files }: { files: readonly { path: string }[] }) =>
  files.map(({ path }) => path);

describe('the files of every feature', () => {
  it('give what is committed, in whatever order they are named', async () => {
    const once = await generate(here('proto'));
    expect(once.leftOut).toEqual([]);
    expect(pathsOf(once)).toEqual(
      readdirSync(here('generated'), { recursive: true })
        .map(String)
        .filter((path) => path.endsWith('.ts'))
        .sort(),
    );
    // `npm run gen` brings them up to date.
    for (const { path, text } of once.files) {
      expect(text).toBe(readFileSync(here(`generated/${path}`), 'utf8'));
    }
    const protos = 'shop/service,legacy,everything,edition_file,edition,defaults,clashes'.split(
      ',',
    );
    const again = await generate([
      ...protos.map((name) => here(`proto/${name}.proto`)),
      here('proto'),
    ]);
    expect(again).toEqual(once);
  });
});

describe('where modules go', () => {
  const message = 'syntax = "proto3"; message';

  it('a lone file is at the top; a searched directory keeps its shape', async () => {
    const folder = folderWith({ 'a/b/c.proto': `${message} C {}`, 'x.proto': `${message} X {}` });
    expect(pathsOf(await generate(join(folder, 'a/b/c.proto')))).toEqual(['c.ts']);
    expect(pathsOf(await generate(join(folder, 'a')))).toEqual(['b/c.ts']);
    expect(pathsOf(await generate(join(folder, 'a/**/c.proto')))).toEqual(['b/c.ts']);
    expect(pathsOf(await generate(`${folder}/{a/b/c,x}.proto`))).toEqual(['a/b/c.ts', 'x.ts']);
  });

  it('imports come along, by the include directory that they are in', async () => {
    const folder = folderWith({
      'proto/shop/order.proto': `${message} Order { acme.Part part = 1; } import "acme/part.proto";`,
      'vendor/acme/part.proto': `syntax = "proto3"; package acme; message Part {}`,
    });
    const includeDirs = [join(folder, 'vendor'), join(folder, 'proto')];
    const { files } = await generate(join(folder, 'proto/**/*.proto'), { includeDirs });
    expect(files.map(({ path }) => path)).toEqual(['acme/part.ts', 'shop/order.ts']);
    expect(files[1]?.text).toContain("from '../acme/part.js'");
    expect(files[1]?.text).toContain("imports: { 'acme/part.proto': partProto }");
  });

  it('an import by a path from the importing file keeps that name', async () => {
    const folder = folderWith({
      'a/one.proto': `${message} One { Two two = 1; } import "two.proto";`,
      'a/two.proto': `${message} Two {}`,
    });
    const { files } = await generate(folder);
    expect(files[0]?.text).toContain("imports: { 'two.proto': twoProto }");
    expect(files[1]?.text).toContain("name: 'a/two.proto'");
  });

  it('a file may have any name', async () => {
    const folder = folderWith({
      "it's.proto": `${message} One {}`,
      '2 ü.proto': `${message} Two { One one = 1; } import "it's.proto";`,
    });
    const { files } = await generate(folder);
    expect(files[0]?.text).toContain(String.raw`from './it\'s.js';`);
    expect(files[0]?.text).toContain(String.raw`imports: { 'it\'s.proto': itSProto }`);
  });

  it('two files for one module are refused', async () => {
    const folder = folderWith({
      'a/x.proto': `syntax = "proto3"; package a;`,
      'b/x.proto': `syntax = "proto3"; package b;`,
    });
    const includeDirs = [join(folder, 'a'), join(folder, 'b')];
    await expect(generate(folder, { includeDirs })).rejects.toThrow(
      /b\/x\.proto: becomes x\.ts, as .*a\/x\.proto does; name other --include directories/,
    );
  });

  it("Google's files are generated where a message needs them, or when asked for", async () => {
    const folder = folderWith({
      'a.proto': `syntax = "proto3";
        import "google/protobuf/descriptor.proto";
        import "google/protobuf/duration.proto";
        import "google/protobuf/empty.proto";
        message A { google.protobuf.Duration wait = 1; }`,
    });
    expect(pathsOf(await generate(folder))).toEqual(['a.ts', 'google/protobuf/duration.ts']);
    const asked = await generate('google/protobuf/descriptor.proto');
    expect(pathsOf(asked)).toEqual(['google/protobuf/descriptor.ts']);
  });
});

describe('writeFiles()', () => {
  it('writes what is new or other than before, and leaves the rest alone', async () => {
    const out = folderWith({ 'a.ts': 'old\n', 'b.ts': 'same\n', 'c.ts': 'ends\r\n' });
    const files = [
      { path: 'a.ts', text: 'new\n' },
      { path: 'b.ts', text: 'same\n' },
      { path: 'c.ts', text: 'ends\n' },
      { path: 'd/e.ts', text: 'deep\n' },
    ];
    const { written } = await writeFiles(out, files);
    expect(written).toEqual([join(out, 'a.ts'), join(out, 'd/e.ts')]);
    expect(readFileSync(join(out, 'a.ts'), 'utf8')).toBe('new\n');
    expect(readdirSync(out, { recursive: true }).sort()).toEqual([
      'a.ts',
      'b.ts',
      'c.ts',
      'd',
      'd/e.ts',
    ]);
  });

  it('leaves everything as it was when one file cannot be written', async () => {
    const out = folderWith({ 'a.ts': 'old\n', d: 'a file, where a directory would have to be' });
    const files = [
      { path: 'a.ts', text: 'new\n' },
      { path: 'd/e.ts', text: 'deep\n' },
    ];
    await expect(writeFiles(out, files)).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(readFileSync(join(out, 'a.ts'), 'utf8')).toBe('old\n');
    expect(readdirSync(out).sort()).toEqual(['a.ts', 'd']);
  });
});
