import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type Client, connect, grpc } from 'tributary';
import { whenOver, within } from '../stories/harness.js';
import { Load } from './deploy-load.js';

const SCRIPT = fileURLToPath(new URL('deploy-process.ts', import.meta.url));
const STREAMS = 200;
/** Unary calls from the start of each restart on. */
const CALLS = 100;

const ROUND_ROBIN = grpc({
  channelOptions: {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  },
});

describe('a deploy under load', () => {
  it('loses no unary call and ends every stream with a status', async () => {
    const instances = [await Instance.start(), await Instance.start()];
    const load = new Load(connectTo(instances));
    whenOver(() => load.stop());
    for (const { pid } of instances) await load.reaches(pid);
    load.openStreams(STREAMS);
    await load.streamsOpen(STREAMS);
    for (const instance of instances) {
      const ended = instance.terminate();
      await load.answers(CALLS);
      expect(await ended).toBe('SIGTERM');
      const next = await Instance.start(instance.port);
      await load.reaches(next.pid);
      await load.streamsOpen(STREAMS);
    }
    await load.stop();
    const { unary, streams } = load;
    process.stdout.write(
      `unary calls ${JSON.stringify(unary)}, streams ${JSON.stringify(streams)}\n`,
    );
    expect(Object.keys(unary)).toEqual(['OK']);
    expect(Object.keys(streams)).toEqual(['OK']);
    // Each ends with the process it is on, and at the end those that were opened instead of it.
    expect(streams.OK).toBeGreaterThanOrEqual(STREAMS * 2);
  }, 120_000);
});

/** One instance of the service, in a process of its own. */
class Instance {
  readonly #child: ChildProcess;
  readonly port: number;

  constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Port 0 picks one. */
  static async start(port = 0): Promise<Instance> {
    const child = fork(SCRIPT, [String(port)], { execArgv: ['--import', 'tsx'] });
    whenOver(() => child.kill('SIGKILL'));
    const [ready] = await within(20_000, once(child, 'message'), 'a server process to listen');
    return new Instance(child, (ready as { port: number }).port);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Asks it to end; resolves with the signal by which it did. */
  async terminate(): Promise<NodeJS.Signals | null> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [, signal] = await within(20_000, exited, 'a server process to end');
    return signal as NodeJS.Signals | null;
  }
}

function connectTo(instances: readonly Instance[]): Client {
  const addresses = instances.map(({ port }) => `127.0.0.1:${port}`);
  const client = connect(`ipv4:${addresses.join(',')}`, { transport: ROUND_ROBIN });
  whenOver(() => client.close());
  return client;
}
