import { type CallOptions, type Client, Status } from 'tributary';
import { type Case, ownClient, repeat, type SoakStub } from './case.js';
import { requestOf, Soak } from './service.js';

/** Servers close connections on which calls are given up too often: a burst of 1000 is allowed. */
const PER_CLIENT = 800;

const MESSAGE = new Uint8Array(100).fill(1);

/** The ways in which a call is cancelled; each resolves with how it ended. */
const WAYS: ((stub: SoakStub) => Promise<number>)[] = [
  // Before anything was sent.
  async (stub) => {
    const stream = stub.echo();
    stream.cancel();
    return (await stream.status()).code;
  },
  // While it is opened, written and read.
  async (stub) => {
    const stream = stub.echo();
    void stream.write(MESSAGE);
    const read = stream.read().catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    stream.cancel();
    await read;
    return (await stream.status()).code;
  },
  // After the first reply, behind the half-close: racing the status.
  async (stub) => {
    const stream = stub.echo();
    void stream.write(MESSAGE);
    void stream.doneWriting();
    await stream.read();
    stream.cancel();
    return (await stream.status()).code;
  },
  // By a signal, some time while a unary call is under way.
  async (stub) => {
    const aborting = new AbortController();
    const options: CallOptions = { signal: aborting.signal };
    setTimeout(() => aborting.abort(), Math.random() * 4);
    return await stub.sized(requestOf(1_000, 10_000), options).then(
      () => Status.OK,
      (error: { code: number }) => error.code,
    );
  },
];

/** Cancels, ten at a time or two hundred at once. */
function cancels(name: string, concurrency: number): Case {
  return {
    name,
    share: 0.1,
    async run(setting) {
      const clients: Client[] = [];
      const stubOf = (i: number): SoakStub => {
        const which = Math.floor(i / PER_CLIENT);
        clients[which] ??= ownClient(setting);
        return clients[which].stub(Soak);
      };
      try {
        const outcome = await repeat(setting, 10_000, concurrency, async (i) => {
          const code = await (WAYS[i % WAYS.length] as (typeof WAYS)[number])(stubOf(i));
          if (code !== Status.CANCELLED && code !== Status.OK) throw new Error(`status ${code}`);
        });
        return { ...outcome, leavesHeap: true };
      } finally {
        await Promise.all(clients.map((client) => client.close()));
      }
    },
  };
}

export const pacedCancels = cancels('cancels, paced', 10);
export const racingCancels = cancels('cancels, racing', 200);
