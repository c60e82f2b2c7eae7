import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { connect, EOF, Status } from 'tributary';
import { soon, whenOver, within } from '../stories/harness.js';
import { Deployed } from './deployed.js';
import type { Setup } from './signals-process.js';

const SCRIPT = fileURLToPath(new URL('signals-process.ts', import.meta.url));

interface Report {
  readonly ports?: readonly number[];
  readonly listeners?: number;
  readonly event?: string;
}

/** Starts a process; gives what to do with it. */
async function start(setup: Setup) {
  const child: ChildProcess = fork(SCRIPT, [JSON.stringify(setup)], {
    execArgv: ['--import', 'tsx'],
  });
  whenOver(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const events: string[] = [];
  child.on('message', ({ event }: Report) => {
    if (event !== undefined) events.push(event);
  });
  const [{ ports = [], listeners }] = (await within(
    10_000,
    once(child, 'message'),
    'the process to listen',
  )) as [Report];
  const streams = ports.map((port) => {
    const client = connect(`127.0.0.1:${port}`);
    whenOver(() => client.close());
    return () => client.stub(Deployed).chat();
  });
  return {
    events,
    listeners,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** An open stream to each server. */
    open: () =>
      Promise.all(
        streams.map(async (open) => {
          const stream = open();
          await stream.write({ n: 1, pid: 0 });
          expect(await soon(stream.read(), 'an echo')).toEqual({ n: 1, pid: 0 });
          return stream;
        }),
      ),
    exit: async () => (await within(15_000, exited, 'the process to end'))[1] as string | null,
    alive: () => child.exitCode === null && child.signalCode === null,
  };
}

describe('closeOnSignals', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s drains, then ends the process', async (signal) => {
    const side = await start({ servers: [true] });
    const [stream] = await side.open();
    side.kill(signal);
    expect(await soon((stream as NonNullable<typeof stream>).read(), 'the end')).toBe(EOF);
    expect(await side.exit()).toBe(signal);
    expect(side.events).toEqual(['draining']);
  });

  it('ends calls that do not end, when the grace is over', async () => {
    const side = await start({ servers: [{ grace: 200 }], stuck: true });
    const [stream] = await side.open();
    side.kill('SIGTERM');
    expect(await soon((stream as NonNullable<typeof stream>).status(), 'a status')).toMatchObject({
      code: Status.UNAVAILABLE,
      details: 'the server is shutting down',
    });
    expect(await side.exit()).toBe('SIGTERM');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'a second signal, %s, ends it at once',
    async (second) => {
      const side = await start({ servers: [{ grace: 60_000 }], stuck: true });
      const [stream] = await side.open();
      side.kill('SIGTERM');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(side.alive()).toBe(true);
      side.kill(second);
      expect(await side.exit()).toBe(second);
      const status = await soon((stream as NonNullable<typeof stream>).status(), 'a status');
      expect(status.code).toBe(Status.UNAVAILABLE);
    },
  );

  it('waits for every server of the process', async () => {
    const side = await start({ servers: [true, { signals: ['SIGTERM'], grace: 9_000 }] });
    expect(side.listeners).toBe(2);
    const streams = await side.open();
    side.kill('SIGTERM');
    for (const stream of streams) expect(await soon(stream.read(), 'the end')).toBe(EOF);
    expect(await side.exit()).toBe('SIGTERM');
    expect(side.events).toEqual(['draining', 'draining']);
  });

  it('leaves the process to another who listens', async () => {
    const side = await start({ servers: [true], ownListener: true });
    const [stream] = await side.open();
    side.kill('SIGTERM');
    expect(await soon((stream as NonNullable<typeof stream>).read(), 'the end')).toBe(EOF);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(side.alive()).toBe(true);
    expect(side.events).toEqual(['own listener', 'draining']);
  });

  it('false leaves signals alone, and so does a server that was closed', async () => {
    const off = await start({ servers: [false] });
    expect(off.listeners).toBe(0);
    off.kill('SIGTERM');
    expect(await off.exit()).toBe('SIGTERM');
    const closed = await start({ servers: [true, true], closed: true });
    expect(closed.listeners).toBe(0);
  });
});
