import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly bin?: string | { readonly [command: string]: string };
  readonly dependencies?: { readonly [name: string]: string };
}

/** Builds the library into a folder, laid out as in the package that is published. */
export function buildPackage(folder: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const args = ['-p', '.config/tsconfig.build.json', '--outDir', join(folder, 'dist')];
  execFileSync(process.execPath, [compiler, ...args], { cwd: root });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
}

/**
 * What `npm install` leaves behind: the built library and what it depends on, or a package of this
 * checkout. Nothing is downloaded.
 */
export function installPackage(project: string, name: string, library: string): void {
  const folder = join(project, 'node_modules', name);
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  if (name === 'tributary') cpSync(library, folder, { recursive: true });
  else symlinkSync(join(root, 'node_modules', name), folder, 'junction');

  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  linkCommands(project, name, manifest);
  if (name !== 'tributary') return; // others find what they need beside them, in this checkout
  for (const other of Object.keys(manifest.dependencies ?? {})) {
    installPackage(project, other, library);
  }
}

function linkCommands(project: string, name: string, { bin = {} }: Manifest): void {
  const commands = typeof bin === 'string' ? { [name]: bin } : bin;
  const links = join(project, 'node_modules/.bin');
  mkdirSync(links, { recursive: true });
  for (const [command, path] of Object.entries(commands)) {
    const target = join('..', name, path);
    if (name === 'tributary') chmodSync(join(links, target), 0o755);
    symlinkSync(target, join(links, command));
  }
}
