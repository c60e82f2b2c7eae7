import { RpcError, Status } from 'tributary';
import { type Case, Failures, ownClient, type Setting } from './case.js';
import { Soak } from './service.js';

const MESSAGE = new Uint8Array(1_000).fill(1);
const EMPTY = new Uint8Array(0);

/** Calls of one client, fewer than a server minds to see given up; then its connection is lost. */
const PER_CLIENT = 200;
const WORKERS = 4;
/** Milliseconds between samples. */
const INTERVAL = 1_000;

/** Opens and breaks streams all the time, and connections, too. */
export const churn: Case = {
  name: 'streams opened and broken',
  share: 1,
  async run(setting) {
    const failures = new Failures();
    let done = 0;
    const worker = async (): Promise<void> => {
      while (performance.now() < setting.until) {
        done += await oneClient(setting).catch((thrown: unknown) => {
          failures.add(thrown);
          return 0;
        });
      }
    };
    const sampler = async (): Promise<void> => {
      while (performance.now() < setting.until) {
        setting.record(await setting.sample());
        await new Promise((resolve) => setTimeout(resolve, INTERVAL));
      }
    };
    await Promise.all([sampler(), ...Array.from({ length: WORKERS }, worker)]);
    return { done, failures: failures.lines, leavesHeap: true };
  },
};

/** The calls of one client; gives how many there were. */
async function oneClient(setting: Setting): Promise<number> {
  const client = ownClient(setting);
  const stub = client.stub(Soak);
  let done = 0;
  for (; done < PER_CLIENT && performance.now() < setting.until; done += 1) {
    const stream = stub.echo();
    await stream.write(MESSAGE);
    const way = Math.floor(Math.random() * 5);
    if (way === 0) stream.cancel();
    else if (way === 1) for await (const _message of stream) break;
    else if (way === 2) await aborted(stream.write(EMPTY), stream.status());
    else if (way === 3) await stream[Symbol.asyncDispose]();
    else {
      await stream.doneWriting();
      await stream.read();
    }
  }
  // What is open when the client closes is cut off with its connection.
  const open = Array.from({ length: 5 }, () => stub.echo());
  for (const stream of open) void stream.write(MESSAGE);
  await client.close();
  for (const stream of open) {
    const { code } = await stream.status();
    if (code !== Status.CANCELLED) throw new RpcError(code, 'of a call whose client was closed');
  }
  return done + open.length;
}

/** The server has failed the call as it was asked to. */
async function aborted(written: Promise<void>, status: Promise<{ code: number }>): Promise<void> {
  await written.catch(() => {});
  const { code } = await status;
  if (code !== Status.ABORTED) throw new RpcError(code, 'where ABORTED was due');
}
