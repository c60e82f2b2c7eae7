import { setTimeout as pause } from 'node:timers/promises';
import { type Client, EOF, Status, type Stub, statusName, toRpcError } from 'tributary';
import { within } from '../stories/harness.js';
import { Deployed } from './deployed.js';

const WORKERS = 16;

/** How often each thing has happened. */
type Counts = { [outcome: string]: number };

/** Unary calls without a pause, and streams that are opened again when they end. */
export class Load {
  readonly unary: Counts = {};
  readonly streams: Counts = {};
  readonly #stub: Stub<(typeof Deployed)['methods']>;
  readonly #running: Promise<void>[] = [];
  readonly #answered = new Set<number>();
  #open = 0;
  #stopping = false;

  constructor(client: Client) {
    this.#stub = client.stub(Deployed);
    for (let n = 0; n < WORKERS; n += 1) this.#running.push(this.#callOnAndOn(n));
  }

  /** Keeps this many streams open from now on. */
  openStreams(streams: number): void {
    for (let n = 0; n < streams; n += 1) this.#running.push(this.#chatOnAndOn());
  }

  /** Resolves when so many streams are open and have had their first reply. */
  async streamsOpen(streams: number): Promise<void> {
    await until(() => this.#open === streams, `${streams} streams to open`);
  }

  /** Resolves when so many more unary calls have been answered. */
  async answers(calls: number): Promise<void> {
    const wanted = (this.unary.OK ?? 0) + calls;
    await until(() => (this.unary.OK ?? 0) >= wanted, `${calls} unary calls to be answered`);
  }

  /** Resolves when calls have been answered by this process. */
  async reaches(pid: number): Promise<void> {
    await until(() => this.#answered.has(pid), `the load to reach process ${pid}`);
  }

  /** Resolves when the last call is over. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await within(20_000, Promise.all(this.#running), 'the load to end');
  }

  async #callOnAndOn(first: number): Promise<void> {
    for (let n = first; !this.#stopping; n += WORKERS) {
      const outcome = await this.#stub.work({ n, pid: 0 }).then(
        ({ pid }) => {
          this.#answered.add(pid);
          return 'OK';
        },
        async (error: unknown) => {
          // A failure at once must not keep the process from anything else.
          await pause(1);
          return toRpcError(error).message;
        },
      );
      count(this.unary, outcome);
    }
  }

  async #chatOnAndOn(): Promise<void> {
    while (!this.#stopping) {
      const stream = this.#stub.chat();
      let replies = 0;
      for (; !this.#stopping; replies += 1) {
        void stream.write({ n: replies, pid: 0 });
        const reply = await stream.read().catch(() => EOF);
        if (reply === EOF) break;
        if (replies === 0) this.#open += 1;
        await pause(50);
      }
      if (replies > 0) this.#open -= 1;
      void stream.doneWriting();
      const { code, details } = await within(20_000, stream.status(), 'the status of a stream');
      count(this.streams, code === Status.OK ? 'OK' : `${statusName(code)}: ${details}`);
    }
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const met = async (): Promise<void> => {
    while (!condition()) await pause(10);
  };
  await within(20_000, met(), what);
}

function count(counts: Counts, outcome: string): void {
  counts[outcome] = (counts[outcome] ?? 0) + 1;
}
