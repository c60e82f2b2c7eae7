/**
 * Packs the package as npm would publish it, lints the tarball, then installs it into an empty
 * project, without a network, and uses it from an ES module, from CommonJS and from TypeScript.
 *
 * Needs `npm run build` first.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

/** Runs a program and gives its stdout; when it fails, shows what it said and ends the check. */
function run(what: string, command: string, args: string[], cwd = root): string {
  console.log(`- ${what}`);
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${what}: ${error?.message ?? `exit ${status}`}\n${stdout}${stderr}`);
  }
  return stdout;
}

const node = (what: string, args: string[], cwd?: string) => run(what, process.execPath, args, cwd);
const installed = (path: string) => join(root, 'node_modules', path);

/** Packs into `directory`; `prepare` is not run again. */
function pack(directory: string): string {
  const npm = process.env.npm_execpath ?? 'npm';
  const args = ['pack', '--ignore-scripts', '--json', '--loglevel=error'];
  args.push('--pack-destination', directory);
  const json = /\.c?js$/.test(npm) ? node('npm pack', [npm, ...args]) : run('npm pack', npm, args);
  const [packed] = JSON.parse(json) as [{ filename: string; files: { path: string }[] }];
  const stray = packed.files.filter(
    ({ path }) => !/^(dist\/|lib\/|package\.json$|README\.md$|LICENSE$)/.test(path),
  );
  if (stray.length > 0)
    throw new Error(`packed by mistake: ${stray.map((f) => f.path).join(', ')}`);
  return join(directory, packed.filename);
}

/**
 * What `npm install <tarball>` leaves behind, with the dependencies borrowed from this checkout, in
 * a project of one of the folders here.
 */
function install(tarball: string, folder: string, project: string): void {
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'tributary'), { recursive: true });
  run('unpack', 'tar', ['-xzf', tarball, '-C', join(modules, 'tributary'), '--strip-components=1']);
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(installed(name), join(modules, name), 'junction');
  }
  cpSync(join(here, folder), project, { recursive: true });
}

function check(directory: string): void {
  const tarball = pack(directory);
  node('publint', [installed('publint/src/cli.js'), 'run', tarball, '--strict']);
  node('are the types wrong?', [
    installed('@arethetypeswrong/cli/dist/index.js'),
    tarball,
    '--profile',
    'esm-only',
  ]);

  const project = join(directory, 'project');
  install(tarball, 'consumer', project);
  node('import from an ES module', ['import.mjs'], project);
  node('require() from CommonJS', ['--no-warnings', 'require.cjs'], project);
  node('types under strict nodenext', [installed('typescript/bin/tsc'), '-p', '.'], project);
  checkGenerating(tarball, join(directory, 'generating'));
}

/** Generates code with the installed program, compiles it, and makes a call with it. */
function checkGenerating(tarball: string, project: string): void {
  install(tarball, 'generating', project);
  cpSync(join(root, 'proto'), join(project, 'proto'), { recursive: true });
  const installedHere = join(project, 'node_modules/tributary');
  const { bin } = JSON.parse(readFileSync(join(installedHere, 'package.json'), 'utf8')) as {
    bin: { tributary: string };
  };
  const program = join(installedHere, bin.tributary);
  node('tributary gen', [program, 'gen', '--out', 'generated', 'proto'], project);
  node(
    'tributary gen --check',
    [program, 'gen', '--out', 'generated', '--check', 'proto'],
    project,
  );
  node('compile generated code', [installed('typescript/bin/tsc'), '-p', '.'], project);
  node('a bidirectional call with it', ['dist/bidi.mjs'], project);
}

if (!existsSync(join(root, 'dist/index.js'))) {
  console.error('dist/index.js is missing: run `npm run build` first');
  process.exit(1);
}
const directory = mkdtempSync(join(tmpdir(), 'tributary-package-'));
try {
  check(directory);
  console.log('the package is fine');
} finally {
  rmSync(directory, { recursive: true, force: true });
}
