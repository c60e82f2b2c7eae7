import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { RunningServer } from '../peers/peer.js';
import { within } from '../stories/harness.js';
import { goProgram } from './grpc-go.js';
import type { TestServer } from './test-peer.js';

/** grpc-go's own server for these cases, as a process. */
export const grpcGoServer: TestServer = {
  name: 'grpc-go',
  replies: { by: 'nothing', because: "grpc-go's server for these cases compresses no replies" },
  readsNoGzip: "grpc-go's server for these cases has no gzip",
  checksCompression: false,
  serve: () => startGoServer(),
};

/** Starts it on a free port; with TLS if it is told so. */
export async function startGoServer(args: readonly string[] = []): Promise<RunningServer> {
  // It says its port when it logs at this level, and only then.
  const env = { ...process.env, GRPC_GO_LOG_SEVERITY_LEVEL: 'info' };
  const child = spawn(goProgram('server'), ['-port=0', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(child, 'close');
  const port = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    const lines = createInterface({ input: child.stderr });
    lines.on('line', (line) => {
      const [, found] = /interop server listening on .*:(\d+)$/.exec(line) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
    lines.once('close', () => reject(new Error("grpc-go's server did not start")));
  });
  return {
    port: await within(10_000, port, "grpc-go's server to listen"),
    async close() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
