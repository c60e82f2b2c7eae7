import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { buffer, text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);

/** What a run of buf gave. */
export interface BufResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs the buf of the dev dependency; it is killed after 15 seconds. */
export async function buf(args: readonly string[], input?: string): Promise<BufResult> {
  // Its install script may have put the program itself where a script for Node.js was.
  const child = spawn(bufProgram(), args, { timeout: 15_000 });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    ended,
  ]);
  return { code, stdout, stderr };
}

/** The file of the dev dependency's program. */
export function bufProgram(): string {
  try {
    return require.resolve('@bufbuild/buf/bin/buf');
  } catch (cause) {
    throw new Error(
      '@bufbuild/buf is not installed: it is a dev dependency, and its program comes with an optional one for this platform; run npm ci',
      { cause },
    );
  }
}
