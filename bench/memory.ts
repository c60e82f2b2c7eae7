import type { Caller, Chat } from './contender.js';
import { noteMaker, Tally } from './notes.js';
import { checkTally } from './workloads.js';

/** How many streams are being opened, used or ended at a time. */
const AT_A_TIME = 100;

const SIZE = '110b';

/** Streams that are open and have nothing to say. */
export class IdleStreams {
  readonly #chats: Chat[] = [];

  /** Opens them and sees that each is answered. */
  async open(caller: Caller, count: number): Promise<void> {
    await inParallel(count, async () => {
      this.#chats.push(caller.chat());
    });
    await this.use();
  }

  /** Sends a note over each; throws unless all come back. */
  async use(): Promise<void> {
    const count = this.#chats.length;
    const tally = new Tally();
    const makeNote = noteMaker(SIZE);
    await inParallel(count, async (i) => {
      tally.add(await (this.#chats[i] as Chat).exchange(makeNote(i)));
    });
    checkTally('ping-pong', count, SIZE, { tally });
  }

  async end(): Promise<void> {
    await inParallel(this.#chats.length, async (i) => await this.#chats[i]?.end());
    this.#chats.length = 0;
  }
}

/** Opens so many streams, uses each for one note and ends it. */
export async function churn(caller: Caller, count: number): Promise<void> {
  const makeNote = noteMaker(SIZE);
  await inParallel(count, async (i) => {
    const chat = caller.chat();
    await chat.exchange(makeNote(i));
    await chat.end();
  });
}

async function inParallel(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
}
