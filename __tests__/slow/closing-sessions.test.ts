import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('closing-sessions-process.ts', import.meta.url));
/** Enough for Node's own `session.close()` to corrupt the heap several times over. */
const SECONDS = 20;

it.each(['grpc', 'http2'])(
  'connections that close while their calls are reset do a server over %s no harm',
  async (transport) => {
    const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, transport, `${SECONDS}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    const end = await new Promise<unknown>((resolve) => {
      child.once('close', (code, signal) => resolve(signal ?? code));
    });
    expect([end, said]).toEqual([0, expect.stringMatching(/^\d+ connections\n$/)]);
  },
  120_000,
);
