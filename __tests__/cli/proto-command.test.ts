import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { protoCommand } from '../../lib/cli/proto-command.js';
import { whenOver } from '../stories/harness.js';

const ROOT = join(import.meta.dirname, '../..');

/** What a run of the command came to. */
interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A directory with modules, and the command run over them in this process. */
class Workshop {
  readonly directory = mkdtempSync(join(tmpdir(), 'proto-command-'));
  readonly out = join(this.directory, 'proto');
  #modules = 0;

  constructor() {
    whenOver(() => rmSync(this.directory, { recursive: true }));
  }

  /** Writes a module, under a name that was not imported before. */
  module(body: string): string {
    this.#modules += 1;
    const path = join(this.directory, `service-${this.#modules}.mjs`);
    writeFileSync(
      path,
      `import { biStream, defineService, field, message, unary } from 'tributary';\n${body}`,
    );
    return path;
  }

  async run(...args: string[]): Promise<Outcome> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await protoCommand.run(['--out', this.out, ...args], {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      signal: new AbortController().signal,
    });
    const tidy = (lines: string[]) => lines.join('\n').replaceAll(this.directory, '.');
    return { code, out: tidy(out), err: tidy(err) };
  }

  read(path: string): string {
    return readFileSync(join(this.out, path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.out, path, '..'), { recursive: true });
    writeFileSync(join(this.out, path), text);
  }
}

/** A module with one service of one message. */
const serviceOf = (members: string, options = '') =>
  `const Q = message('Question', { ${members} });
   export const S = defineService('app.v1.Questions', { ask: biStream(Q, Q) }, { ${options} });`;

const FILE = 'app/v1/questions.proto';

describe('tributary proto', () => {
  it('prints, keeps numbers, and has nothing to do the second time', async () => {
    const shop = new Workshop();
    const first = shop.module(serviceOf('a: field.string(), b: field.bool()'));
    expect(await shop.run(first)).toEqual({ code: 0, out: `wrote ./proto/${FILE}`, err: '' });
    expect(shop.read(FILE)).toContain('message Question {\n  string a = 1;\n  bool b = 2;\n}');
    expect(await shop.run(first)).toEqual({ code: 0, out: 'all is as it should be', err: '' });
  });

  it('reserves what is gone', async () => {
    const shop = new Workshop();
    await shop.run(shop.module(serviceOf('a: field.string(), b: field.bool()')));
    const protos = `protos: ${JSON.stringify(shop.out)}`;
    const next = shop.module(serviceOf('b: field.bool(), c: field.string()', protos));
    expect(await shop.run(next)).toEqual({ code: 0, out: `wrote ./proto/${FILE}`, err: '' });
    expect(shop.read(FILE)).toContain(
      'reserved 1;\n  reserved "a";\n\n  bool b = 2;\n  string c = 3;',
    );
    expect(readdirSync(join(shop.out, 'app/v1'))).toEqual(['questions.proto']);
  });

  it('refuses what looks like a rename of a field without a number', async () => {
    const shop = new Workshop();
    const protos = `protos: ${JSON.stringify(shop.out)}`;
    await shop.run(shop.module(serviceOf('a: field.string(), b: field.bool()', protos)));
    const before = shop.read(FILE);
    const renamed = await shop.run(
      shop.module(serviceOf('c: field.string(), b: field.bool()', protos)),
    );
    expect(renamed).toMatchObject({ code: 1, out: '' });
    expect(renamed.err).toBe(
      `./proto/${FILE}: app.v1.Question.a: is gone, and c is in its place: keep the name, or, if c is ` +
        "another field, give the message { reserved: ['a'] }\n" +
        'nothing was written; --allow-breaking prints it nonetheless',
    );
    expect(shop.read(FILE)).toBe(before);
  });

  it('does not print numbers that the program does not have', async () => {
    const shop = new Workshop();
    await shop.run(shop.module(serviceOf('a: field.string(), b: field.bool()')));
    const { code, err } = await shop.run(shop.module(serviceOf('b: field.bool()')));
    expect(code).toBe(1);
    expect(err).toContain(
      `./proto/${FILE}: app.v1.Question.b: has the number 2 here and 1 in the program; ` +
        "give defineService() { protos: './proto' }, or the field a number",
    );
    expect(err).toContain('nothing was written');
  });

  it('refuses what is breaking, and prints it when that is allowed', async () => {
    const shop = new Workshop();
    await shop.run(shop.module(serviceOf('a: field.string(1), b: field.bool(2)')));
    const before = shop.read(FILE);
    const next = shop.module(serviceOf('c: field.string(1), b: field.string(2)'));
    const refused = await shop.run(next);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err.split('\n')).toEqual([
      `./proto/${FILE}: app.v1.Question.a: its number 1 is that of c now: keep the name, or give c another number`,
      expect.stringContaining(
        `./proto/${FILE}: app.v1.Question.b: was bool and is string: change it`,
      ),
      'nothing was written; --allow-breaking prints it nonetheless',
    ]);
    expect(shop.read(FILE)).toBe(before);
    const allowed = await shop.run('--allow-breaking', next);
    expect(allowed.code).toBe(0);
    expect(allowed.err).toMatch(/^allowed: .*question.*\nallowed: /i);
    expect(shop.read(FILE)).toContain('reserved "a";\n\n  string c = 1;\n  string b = 2;');
  });

  it('--check shows a difference and writes nothing', async () => {
    const shop = new Workshop();
    const first = shop.module(serviceOf('a: field.string(1)'));
    const missing = await shop.run('--check', first);
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('without --check') });
    expect(missing.out).toContain(`--- /dev/null\n+++ ./proto/${FILE}`);
    expect(existsSync(shop.out)).toBe(false);
    await shop.run(first);
    expect(await shop.run('--check', first)).toEqual({ code: 0, out: '', err: '' });
    // A checkout may have changed the line ends, an editor put its mark in front.
    shop.write(FILE, `\uFEFF${shop.read(FILE).replaceAll('\n', '\r\n')}`);
    expect(await shop.run('--check', first)).toEqual({ code: 0, out: '', err: '' });
    const next = shop.module(serviceOf('a: field.string(1), b: field.bool(2)'));
    const { code, out } = await shop.run('--check', next);
    expect(code).toBe(1);
    expect(out).toContain('   string a = 1;\n+  bool b = 2;');
  });

  it('--dry-run shows the files and writes nothing', async () => {
    const shop = new Workshop();
    const { code, out } = await shop.run('--dry-run', shop.module(serviceOf('a: field.string(1)')));
    expect(code).toBe(0);
    expect(out).toMatch(
      /^==> \.\/proto\/app\/v1\/questions\.proto\n\/\/ Printed [\s\S]*string a = 1;/,
    );
    expect(existsSync(shop.out)).toBe(false);
  });

  it('says which file is left behind when services come to share types', async () => {
    const shop = new Workshop();
    const two = (shared: string) => `
      const A = message('A', { a: field.bool(1) });
      const B = message('B', { ${shared} });
      export const First = defineService('app.First', { get: unary(A, A) });
      export const Second = defineService('app.Second', { get: unary(B, B) });`;
    await shop.run(shop.module(two('b: field.bool(1)')));
    expect(readdirSync(join(shop.out, 'app'))).toEqual(['first.proto', 'second.proto']);
    const next = shop.module(two('b: field.bool(1), a: field.message(A, 2)'));
    const { code, out, err } = await shop.run(next);
    expect({ code, out }).toEqual({ code: 0, out: 'wrote ./proto/app/first.proto' });
    expect(err).toBe('./proto/app/second.proto: what it declares is in other files now; remove it');
    expect((await shop.run('--check', next)).code).toBe(1);
    rmSync(join(shop.out, 'app/second.proto'));
    expect((await shop.run('--check', next)).code).toBe(0);
  });

  it('does not write over what it has not printed', async () => {
    const shop = new Workshop();
    shop.write(FILE, 'syntax = "proto3";\npackage app.v1;\n');
    const { code, err } = await shop.run(shop.module(serviceOf('a: field.string(1)')));
    expect(code).toBe(1);
    expect(err).toContain(`./proto/${FILE}: was not printed by tributary proto`);
  });

  it('does not declare what a file beside declares, which was written by hand', async () => {
    const shop = new Workshop();
    const beside = 'app/v1/mine.proto';
    shop.write(beside, 'syntax = "proto3";\npackage app.v1;\nmessage Question { bool z = 9; }\n');
    const { code, err } = await shop.run(shop.module(serviceOf('a: field.string(1)')));
    expect(code).toBe(1);
    expect(err).toContain(
      `./proto/${beside}: app.v1.Question: is declared here, too; rename one\nnothing was written`,
    );
    expect(existsSync(join(shop.out, FILE))).toBe(false);
  });

  it('leaves nothing half done when a file cannot be written', async () => {
    const shop = new Workshop();
    mkdirSync(join(shop.out, FILE), { recursive: true });
    const run = shop.run(shop.module(serviceOf('a: field.string(1)')));
    await expect(run).rejects.toThrow('EISDIR');
    expect(readdirSync(join(shop.out, 'app/v1'))).toEqual(['questions.proto']);
  });

  it('two types of one name in two services', async () => {
    const shop = new Workshop();
    const { code, err } = await shop.run(
      shop.module(`
        const one = message('M', {});
        const other = message('M', {});
        export const First = defineService('app.First', { get: unary(one, one) });
        export const Second = defineService('app.Second', { get: unary(other, other) });`),
    );
    expect(code).toBe(1);
    expect(err).toContain(
      'app.M: is in ./proto/app/first.proto and ./proto/app/second.proto; rename one, or use the same object',
    );
    expect(existsSync(shop.out)).toBe(false);
  });

  it('a mistake in the module is reported with its line', async () => {
    const shop = new Workshop();
    const { code, err } = await shop.run(shop.module('message("M", { a: field.bool(0) });'));
    expect(code).toBe(1);
    expect(err).toMatch(
      /service-1\.mjs:2:\d+: the number of a field must be a whole number, 1 to /,
    );
  });

  it('a mistake in the old file is reported with its line', async () => {
    const shop = new Workshop();
    shop.write(FILE, 'syntax = "proto3";\n\nmessage {}\n');
    const { code, err } = await shop.run(shop.module(serviceOf('a: field.string(1)')));
    expect(code).toBe(1);
    expect(err).toMatch(/^\.\/proto\/app\/v1\/questions\.proto:3: /);
  });

  it('modules that are not there, or have nothing to print', async () => {
    const shop = new Workshop();
    expect(await shop.run('nosuch.js')).toMatchObject({ err: 'nosuch.js: there is no such file' });
    expect(await shop.run('.')).toMatchObject({ code: 1, err: '.: there is no such file' });
    const empty = shop.module('export const x = 1;');
    expect(await shop.run(empty)).toMatchObject({
      code: 1,
      err: './service-1.mjs: exports no service that defineService() has made; export one',
    });
  });

  it('a command line that does not do', async () => {
    const shop = new Workshop();
    await expect(shop.run()).rejects.toThrow('no module is given');
    await expect(shop.run('--check', '--dry-run', 'x.js')).rejects.toThrow('do not go together');
    await expect(shop.run('--nosuch', 'x.js')).rejects.toThrow('--nosuch');
    const io = { out() {}, err() {}, signal: new AbortController().signal };
    await expect(protoCommand.run(['x.js'], io)).rejects.toThrow('--out is missing');
  });
});

describe('in a process of its own', () => {
  const require = createRequire(import.meta.url);

  function run(cwd: string, ...args: string[]): Promise<Outcome> {
    const all = [require.resolve('tsx/cli'), join(ROOT, 'lib/cli/main.ts'), 'proto', ...args];
    const env = { ...process.env, NODE_OPTIONS: undefined };
    return new Promise((resolve) => {
      execFile(process.execPath, all, { cwd, env, timeout: 30_000 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  it('the sample is as its .proto', async () => {
    const args = ['--check', '--out', 'proto', 'samples/questions/service.ts'];
    expect(await run(ROOT, ...args)).toEqual({ code: 0, out: '', err: '' });
  }, 40_000);

  it('TypeScript without tsx is explained', async () => {
    const { directory } = new Workshop();
    writeFileSync(join(directory, 'service.ts'), 'export const x: number = 1;');
    const { code, err } = await run(directory, '--out', 'proto', 'service.ts');
    expect(code).toBe(1);
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    // From there on Node.js can do without.
    const words =
      major > 22 || (major === 22 && minor >= 18)
        ? 'exports no service'
        : 'npm install --save-dev tsx';
    expect(err).toContain(words);
  }, 40_000);

  it('modules that go on, or do not come to their end, do not hold it up', async () => {
    const { directory } = new Workshop();
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    const lib = JSON.stringify(relative(directory, join(ROOT, 'lib/index.js')));
    const body = `import { defineService, message, unary } from ${lib};
      const M = message('M', {});
      export const S = defineService('app.S', { get: unary(M, M) });`;
    const cases = {
      'going.mts': 'setInterval(() => {}, 1000);',
      'waiting.mts': 'await new Promise(() => {});',
      'ending.mts': 'process.exit(0);',
      'rejecting.mts': "Promise.reject(new Error('too late'));",
    };
    const outcomes = Object.entries(cases).map(async ([name, more]) => {
      writeFileSync(join(directory, name), `${body}\n${more}`);
      return await run(directory, '--out', `proto-${name}`, name);
    });
    const [going, waiting, ending, rejecting] = await Promise.all(outcomes);
    expect(going).toEqual({ code: 0, out: 'wrote proto-going.mts/app/s.proto\n', err: '' });
    const early = expect.stringContaining('it did not come to its end');
    expect(waiting).toMatchObject({ code: 1, out: '', err: early });
    expect(ending).toMatchObject({ code: 1, out: '', err: early });
    const late = expect.stringContaining('Error: too late');
    expect(rejecting).toMatchObject({ code: 1, out: '', err: late });
    expect(readdirSync(directory).filter((name) => name.startsWith('proto-'))).toHaveLength(1);
  }, 60_000);

  it('a mistake in TypeScript is reported with its line', async () => {
    const { directory } = new Workshop();
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    const fields = relative(directory, join(ROOT, 'lib/code-first/fields.js'));
    writeFileSync(
      join(directory, 'service.mts'),
      `import { field } from ${JSON.stringify(fields)};\n\nexport const x: unknown = field.bool(0);\n`,
    );
    const { code, err } = await run(directory, '--out', 'proto', 'service.mts');
    expect(code).toBe(1);
    expect(err).toMatch(/^service\.mts:3:\d+: the number of a field must be/);
  }, 40_000);
});
