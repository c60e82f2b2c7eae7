import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect as connectSocket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm start -- ...args` does. */
function start(...given: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const args = [tsx, 'samples/tour.ts', ...given];
    const env = { ...process.env, FORCE_COLOR: undefined, NODE_OPTIONS: undefined };
    execFile(process.execPath, args, { cwd: root, env, timeout: 55_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

test.each([
  ['grpc', []],
  ['http2', ['--transport', 'http2']],
])(
  'the whole tour over %s',
  async (transport, args) => {
    const { code, stdout, stderr } = await start(...args);
    expect(code === 0 ? 'exit 0' : stderr).toBe('exit 0');
    expect(stdout).toContain(`this one calls it, over ${transport}().`);
    expect(stdout).toMatch(/· null: /);
    expect(stdout).toMatch(/· EOF: /);
    expect(stdout).toMatch(/✗ NOT_FOUND: there is no user 1000000/);
    expect(stdout).toMatch(/· CANCELLED: /);
    expect(stdout).toMatch(/✗ DEADLINE_EXCEEDED: /);
    expect(stdout).toMatch(/server │ ListUsers: the call was cancelled/);
    expect(stdout).not.toContain('WRONG');
    // No terminal, no colours.
    expect(stdout).not.toContain('\u001b');
    const headings = [...stdout.matchAll(/^━━ (\S+) /gm)].map(([, name]) => name);
    expect(headings).toEqual([
      'greeter',
      'route-guide',
      'users',
      'headers',
      'by-hand',
      'interceptors',
      'questions',
      'catalog',
    ]);
  },
  60_000,
);

test('one sample alone', async () => {
  const { code, stdout } = await start('by-hand');
  expect(code).toBe(0);
  expect(stdout).toContain('━━ by-hand ');
  expect(stdout).not.toContain('━━ greeter ');
}, 60_000);

test('a transport that is none', async () => {
  const { code, stderr } = await start('--transport', 'carrier-pigeon', 'greeter');
  expect(code).toBe(1);
  expect(stderr).toContain("there is no transport 'carrier-pigeon'; there are grpc, http2");
}, 60_000);

test('a sample that is none', async () => {
  const { code, stderr } = await start('nosuch');
  expect(code).toBe(1);
  expect(stderr).toContain(
    "there is no sample 'nosuch'; there are greeter, route-guide, users, headers, by-hand, interceptors, questions, catalog",
  );
}, 60_000);

test.each(['SIGINT', 'SIGKILL'] as const)(
  '%s leaves no server behind',
  async (signal) => {
    // Not by tsx's own program: the signal has to meet the tour itself.
    const args = ['--import', import.meta.resolve('tsx'), 'samples/tour.ts', 'greeter'];
    const tour = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for await (const text of tour.stdout.setEncoding('utf8')) {
      printed += text;
      if (printed.includes('· null: ')) break;
    }
    tour.kill(signal);
    const [code] = await once(tour, 'exit');
    expect(code).toBe(signal === 'SIGINT' ? 1 : null);
    const port = Number(/listens on 127\.0\.0\.1:(\d+)/.exec(printed)?.[1]);
    await expect(refusal(port, 5_000)).resolves.toBe('ECONNREFUSED');
  },
  60_000,
);

/** Why nobody can connect to the port, or 'still listening' after `limit` milliseconds. */
async function refusal(port: number, limit: number): Promise<string> {
  for (const end = Date.now() + limit; Date.now() < end; ) {
    const socket = connectSocket(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // It was accepted, and the process ended right then: what counts is what comes after.
      if (code !== 'ECONNRESET') return code ?? String(error);
    } finally {
      socket.destroy();
    }
  }
  return 'still listening';
}
