import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type CallContext, Server, Status } from 'tributary';
import {
  aborted,
  later,
  plainOptions,
  rejection,
  soon,
  whenOver,
  within,
} from '../stories/harness.js';
import { Echo, type Note } from './echo.js';
import { connectTo, NETWORKED } from './target.js';

const SCRIPT = fileURLToPath(new URL('peer-process.ts', import.meta.url));
const LOST = { code: Status.UNAVAILABLE };

/** A peer in a process of its own, which has said that it is there. */
async function startPeer(...words: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(SCRIPT, words, { execArgv: ['--import', 'tsx'] });
  whenOver(() => child.kill('SIGKILL'));
  const [{ port }] = (await within(15_000, once(child, 'message'), 'the peer')) as [
    { port: number },
  ];
  return { child, port };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await soon(gone, 'the peer to be gone');
}

describe.each(NETWORKED)('kill -9 over %s', (name) => {
  it('of the server: all that is pending is UNAVAILABLE, and calls find it when it is back', async () => {
    const { child, port } = await startPeer('server', name, '0');
    const client = connectTo(name, `127.0.0.1:${port}`);
    const stub = client.stub(Echo);
    const reader = stub.echo();
    await reader.write({ n: 1 });
    expect(await soon(reader.read(), 'the echo')).toEqual({ n: 1 });
    const writer = stub.hold();
    const text = 'x'.repeat(100_000);
    const writing = (async (): Promise<never> => {
      for (let n = 0; ; n += 1) await writer.write({ n, text });
    })();
    const pending = [
      reader.read(),
      reader.headers().then(() => reader.read()),
      writing,
      writer.response(),
    ];
    const told = pending.map(rejection);
    await kill(child);
    for (const error of await Promise.all(told)) expect(error).toMatchObject(LOST);
    expect(await soon(reader.status(), 'the status')).toMatchObject(LOST);
    expect(await soon(writer.status(), 'the status')).toMatchObject(LOST);
    expect(await rejection(stub.echo([{ n: 1 }]).read())).toMatchObject(LOST);
    const patient = stub.echo([{ n: 2 }], { waitForReady: true });
    await startPeer('server', name, String(port));
    expect(await soon(patient.read(), 'the server that is back')).toEqual({ n: 2 });
    expect(await soon(stub.echo([{ n: 3 }]).read(), 'the next call')).toEqual({ n: 3 });
  }, 40_000);

  it('of the client: the handler is told UNAVAILABLE, once', async () => {
    const told = later<unknown>();
    let ends = 0;
    const server = new Server(plainOptions(name)).add(Echo, {
      async *echo(stream, ctx: CallContext) {
        void aborted(ctx.signal).then(told.resolve);
        try {
          yield* stream;
        } finally {
          ends += 1;
        }
      },
      hold: async () => ({ n: 0 }) satisfies Note,
    });
    whenOver(() => server.close({ grace: 0 }));
    const { address } = await server.listen('127.0.0.1:0');
    const { child } = await startPeer('client', name, address);
    expect(ends).toBe(0);
    await kill(child);
    expect(await soon(told.promise, 'the handler to be told')).toMatchObject(LOST);
    await within(15_000, server.close({ grace: 60_000 }), 'the server to drain');
    expect(ends).toBe(1);
  }, 30_000);
});
