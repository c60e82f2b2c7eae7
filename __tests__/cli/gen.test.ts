import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../lib/cli/run-command.js';
import { folderWith } from '../codegen/in-folder.js';
import { type Ran, Running, tributary } from './tributary.js';

// Each test starts the program from its sources, some of them several times.
const LIMIT = 60_000;

const shop = `syntax = "proto3";
package shop;
import "common/money.proto";
message Order { common.Money total = 1; }
service Orders { rpc Get(Order) returns (Order); }
`;
const money = 'syntax = "proto3";\npackage common;\nmessage Money { int64 units = 1; }\n';
const project = () =>
  folderWith({ 'proto/shop/order.proto': shop, 'proto/common/money.proto': money });

const contents = (folder: string) =>
  existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).sort() : [];

let running: Running | undefined;
afterEach(() => {
  running?.process.kill('SIGKILL');
});

describe('tributary gen', () => {
  it(
    'writes, then finds all in order; --check says what is stale',
    async () => {
      const folder = project();
      const gen = ['gen', '--out', 'src/gen', '--include', 'proto', 'proto/**/*.proto'];
      expect(await tributary(folder, ...gen)).toEqual({
        code: 0,
        stdout: 'wrote src/gen/common/money.ts\nwrote src/gen/shop/order.ts\n',
        stderr: '',
      });
      expect(contents(join(folder, 'src/gen'))).toEqual([
        'common',
        'common/money.ts',
        'shop',
        'shop/order.ts',
      ]);
      expect((await tributary(folder, ...gen)).stdout).toBe('all is as it should be\n');
      expect(await tributary(folder, ...gen, '--check')).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });

      writeFileSync(
        join(folder, 'proto/common/money.proto'),
        money.replace('units = 1;', 'units = 1; bool rounded = 2;'),
      );
      const { code, stdout, stderr } = await tributary(folder, ...gen, '--check');
      expect(code).toBe(1);
      expect(stderr).toBe(
        'a module is not as the .proto files are: run tributary gen without --check\n',
      );
      expect(stdout).toContain('--- src/gen/common/money.ts\n+++ src/gen/common/money.ts\n@@ ');
      expect(stdout).toContain('\n   units: bigint;\n+  rounded: boolean;\n }\n');
      expect(readFileSync(join(folder, 'src/gen/common/money.ts'), 'utf8')).not.toContain(
        'rounded',
      );
    },
    LIMIT,
  );

  it(
    'writes nothing when one file has a mistake',
    async () => {
      const folder = project();
      writeFileSync(
        join(folder, 'proto/shop/order.proto'),
        shop.replace('total = 1', 'total = 19000'),
      );
      expect(await tributary(folder, 'gen', '--out', 'gen', 'proto')).toEqual({
        code: 1,
        stdout: '',
        stderr:
          "proto/shop/order.proto:4: shop.Order.total: the numbers from 19000 to 19999 are protobuf's own, got 19000; take another\n",
      });
      expect(contents(join(folder, 'gen'))).toEqual([]);
    },
    LIMIT,
  );

  it(
    '--watch generates again after a change, reports mistakes and goes on, until it is ended',
    async () => {
      const folder = project();
      const file = join(folder, 'proto/common/money.proto');
      running = new Running(folder, 'gen', '--watch', '--out', 'gen', 'proto');
      expect(await running.says('watching for changes')).toContain('wrote gen/common/money.ts');

      writeFileSync(file, money.replace('units', 'cents'));
      await running.says('wrote gen/common/money.ts');
      expect(readFileSync(join(folder, 'gen/common/money.ts'), 'utf8')).toContain('cents: bigint;');

      writeFileSync(file, money.replace('= 1', '= 0'));
      await running.says(
        'proto/common/money.proto:3: common.Money.units: the number of a field is',
      );

      writeFileSync(file, money);
      await running.says('wrote gen/common/money.ts');

      mkdirSync(join(folder, 'proto/new'));
      writeFileSync(join(folder, 'proto/new/one.proto'), 'syntax = "proto3"; message One {}');
      await running.says('wrote gen/new/one.ts');

      rmSync(join(folder, 'proto/common/money.proto'));
      await running.says('proto/shop/order.proto:3: cannot find common/money.proto;');
      await running.says('watching for changes');
      writeFileSync(file, money.replace('units', 'back'));
      await running.says('wrote gen/common/money.ts');

      rmSync(join(folder, 'proto/new'), { recursive: true });
      await running.says('gen/new/one.ts: new/one.proto is not among the files any more');
      expect(await running.end()).toBe(0);
    },
    LIMIT,
  );

  it.each([
    [[], 2, '', /^Usage: tributary <command> \[options\]\n/],
    [['--help'], 0, /^Usage: tributary <command>[\s\S]*\n {2}gen +generate TypeScript/, ''],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, ''],
    [['help', 'gen'], 0, /^Usage: tributary gen/, ''],
    [['gen', '--help'], 0, /^Usage: tributary gen \[options\] <file>\.\.\.\n[\s\S]*--include/, ''],
    [['generate'], 2, '', 'tributary has no command generate; there is gen, proto\n'],
    [['gen'], 2, '', 'no .proto file is given\nTry: tributary gen --help\n'],
    [['gen', 'a.proto'], 2, '', /^--out is missing: the directory for the modules\nTry: /],
    [['gen', '--outt', 'x', 'a.proto'], 2, '', /^Unknown option '--outt'[\s\S]*\nTry: /],
    [['gen', '--out', 'x', '--check', '--watch', 'a'], 2, '', /^--check and --watch do not go/],
    [['gen', '--out', 'x', 'a.proto'], 1, '', /^a\.proto: cannot find the proto file a\.proto; /],
    [['gen', '--out', 'x', '.config'], 1, '', '.config: there is no .proto file below it\n'],
    [
      ['gen', '--out', 'x', '--include', 'nowhere', 'a.proto'],
      1,
      '',
      'nowhere: there is no such directory to include\n',
    ],
    [['gen', '--out', 'x', '*.proto'], 1, '', '*.proto: there is no such file\n'],
  ])('%j', async (args, code, stdout, stderr) => {
    const ran = await runHere(args);
    expect(ran.code).toBe(code);
    for (const [got, wanted] of [
      [ran.stdout, stdout],
      [ran.stderr, stderr],
    ] as const) {
      if (typeof wanted === 'string') expect(got).toBe(wanted);
      else expect(got).toMatch(wanted);
    }
  });

  it('names the modules that are left over, and leaves them alone', async () => {
    const folder = project();
    const out = join(folder, 'gen');
    const gen = ['gen', '--out', out, join(folder, 'proto')];
    expect((await runHere(gen)).code).toBe(0);
    writeFileSync(join(out, 'own.ts'), '// Not generated.\n');
    rmSync(join(folder, 'proto/shop'), { recursive: true });
    const said = `${out}/shop/order.ts: shop/order.proto is not among the files any more; delete this module\n`;
    expect(await runHere([...gen, '--check'])).toEqual({ code: 1, stdout: '', stderr: said });
    expect(await runHere(gen)).toEqual({
      code: 0,
      stdout: 'all is as it should be\n',
      stderr: said,
    });
    expect(contents(out)).toContain('shop/order.ts');
    // A lone file does not say that there are no others.
    const one = ['gen', '--out', out, '--include', join(folder, 'proto'), 'common/money.proto'];
    expect(await runHere([...one, '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('names what it leaves out, and a place that it cannot write to', async () => {
    const folder = folderWith({
      'base.proto': 'syntax = "proto2"; package b;\nmessage M { extensions 10 to 20; }',
      'more.proto': `syntax = "proto2"; package m; import "base.proto";
        extend b.M { optional int32 more = 10; }`,
      gen: 'a file',
    });
    const { code, stderr } = await runHere(['gen', '--out', join(folder, 'gen'), folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /more\.proto:2: the extension m\.more of b\.M is left out: .*\nE[A-Z]+: /,
    );
    const fine = await runHere(['gen', '--out', join(folder, 'other'), folder]);
    expect(fine.code).toBe(0);
    const check = ['gen', '--check', '--out', join(folder, 'nowhere'), folder];
    const { stdout } = await runHere(check);
    expect(stdout).toMatch(
      /^--- \/dev\/null\n\+\+\+ .*nowhere\/base\.ts\n@@ -0,0 \+1,\d+ @@\n\+\/\/ Gen/,
    );
  });
});

/** Runs a command in this process. */
async function runHere(args: readonly string[]): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const code = await runCommand(args, {
    out: (text) => {
      stdout += `${text}\n`;
    },
    err: (text) => {
      stderr += `${text}\n`;
    },
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}
