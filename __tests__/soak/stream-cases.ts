import { EOF } from 'tributary';
import { type Case, Failures, ownClient, repeat, type SoakStub } from './case.js';
import { Soak } from './service.js';

const MESSAGE = new Uint8Array(100).fill(1);

type EchoStream = ReturnType<SoakStub['echo']> & {
  write(message: Uint8Array): Promise<void>;
  doneWriting(): Promise<void>;
};

async function echoed(stream: EchoStream): Promise<void> {
  await stream.write(MESSAGE);
  const reply = await stream.read(60_000);
  if (reply === EOF || reply?.byteLength !== MESSAGE.byteLength) throw new Error('no echo');
}

async function ended(stream: EchoStream): Promise<void> {
  await stream.doneWriting();
  if ((await stream.read(60_000)) !== EOF) throw new Error('no end');
}

/** Streams opened, used and closed, on one connection. */
export const openAndClose: Case = {
  name: 'streams opened and closed',
  share: 0.4,
  async run(setting) {
    await using client = ownClient(setting);
    const stub = client.stub(Soak);
    const outcome = await repeat(setting, 100_000, 50, async () => {
      const stream = stub.echo();
      await echoed(stream);
      await ended(stream);
    });
    return { ...outcome, leavesHeap: true };
  },
};

const IDLE = 10_000;

/** Streams that are all open at once, on one connection, and idle. */
export const idleStreams: Case = {
  name: 'idle streams',
  share: 0.3,
  async run(setting) {
    await using client = ownClient(setting);
    const stub = client.stub(Soak);
    const before = await setting.sample();
    const streams: EchoStream[] = [];
    const opened = await repeat(setting, IDLE, 500, async () => {
      const stream = stub.echo();
      streams.push(stream);
      await echoed(stream);
    });
    const open = await setting.sample();
    setting.record(open);
    const failures = new Failures();
    const all = (act: (stream: EchoStream) => Promise<void>): Promise<unknown> =>
      Promise.all(streams.map((stream) => act(stream).catch((thrown) => failures.add(thrown))));
    await all(echoed);
    await all(ended);
    const perStream = (side: 'client' | 'server'): string =>
      `${((open[side].heap - before[side].heap) / streams.length / 1024).toFixed(1)} KB`;
    const note = `heap per stream: client ${perStream('client')}, server ${perStream('server')}`;
    return { ...opened, failures: [...opened.failures, ...failures.lines], note, leavesHeap: true };
  },
};
