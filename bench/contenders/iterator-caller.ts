import type { Caller, Chat } from '../contender.js';
import { type Note, noteMaker, type Order, type SizeName, type TallyOf } from '../notes.js';
import { Pushed } from './pushed.js';

/** The calls as the clients of nice-grpc and connect make them: of iterables. */
export interface IteratorClient {
  answer(note: Note): Promise<Note>;
  produce(order: Order): AsyncIterable<Note>;
  collect(notes: AsyncIterable<Note>): Promise<TallyOf>;
  echo(notes: AsyncIterable<Note>): AsyncIterable<Note>;
}

/** A caller over a client of iterables. */
export class IteratorCaller implements Caller {
  readonly #client: IteratorClient;
  readonly close: () => void;

  constructor(client: IteratorClient, close: () => void) {
    this.#client = client;
    this.close = close;
  }

  answer(note: Note): Promise<Note> {
    return this.#client.answer(note);
  }

  async produce(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void> {
    for await (const note of this.#client.produce({ count, size })) onNote(note);
  }

  collect(count: number, size: SizeName): Promise<TallyOf> {
    return this.#client.collect(notes({ count, size }));
  }

  async echo(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void> {
    for await (const note of this.#client.echo(notes({ count, size }))) onNote(note);
  }

  chat(): Chat {
    const asks = new Pushed<Note>();
    const replies = this.#client.echo(asks)[Symbol.asyncIterator]();
    return {
      async exchange(note) {
        asks.push(note);
        const reply = await replies.next();
        if (reply.done) throw new Error('the stream ended');
        return reply.value;
      },
      async end() {
        asks.end();
        await replies.next();
      },
    };
  }
}

/** What an order asks for. */
export async function* notes({ count, size }: Order): AsyncGenerator<Note> {
  const makeNote = noteMaker(size);
  for (let i = 0; i < count; i += 1) yield makeNote(i);
}
