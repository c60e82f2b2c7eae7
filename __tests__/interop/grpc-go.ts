import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = 'v1.85.0';
const MODULE = 'google.golang.org/grpc/interop';
const BUILD_MINUTES = 10;

/** Where the programs are kept between runs. */
const FOLDER = fileURLToPath(
  new URL(`../../node_modules/.cache/interop/grpc-go-${VERSION}`, import.meta.url),
);

/** The toolchain's command; `GO` names another. */
const GO = process.env.GO ?? 'go';

/** The file of one of grpc-go's own programs for these cases. */
export function goProgram(name: 'client' | 'server'): string {
  return join(FOLDER, process.platform === 'win32' ? `${name}.exe` : name);
}

/** What is missing to run grpc-go's programs, and how to get it; undefined if they are built. */
export function missingForGo(): string | undefined {
  if (existsSync(goProgram('client')) && existsSync(goProgram('server'))) return undefined;
  const { error } = spawnSync(GO, ['version']);
  if (error !== undefined) {
    return `there is no ${GO}: install Go (sudo apt-get install -y golang-go) or name it in GO`;
  }
  return `grpc-go's ${VERSION} programs are not built: npm run test:interop does it, with network access`;
}

/** Builds the programs, once; what went wrong otherwise. It takes a minute or two, ten at most. */
export function buildGo(): string | undefined {
  if (missingForGo() === undefined) return undefined;
  const { error } = spawnSync(GO, ['version']);
  if (error !== undefined) return missingForGo();
  mkdirSync(FOLDER, { recursive: true });
  const packages = ['client', 'server'].map((name) => `${MODULE}/${name}@${VERSION}`);
  const build = spawnSync(GO, ['install', ...packages], {
    // Whatever the surroundings say of modules is about other code.
    env: { ...process.env, GOBIN: FOLDER, GOFLAGS: '', GOOS: '', GOARCH: '' },
    encoding: 'utf8',
    timeout: BUILD_MINUTES * 60_000,
  });
  if (build.status === 0) return undefined;
  const words = build.error?.message ?? build.stderr.trim().split('\n').at(-1);
  return `go install ${packages.join(' ')} failed: ${words}`;
}
