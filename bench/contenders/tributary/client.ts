import { type Client, EOF, type ReadStream, type Stub } from 'tributary';
import type { Caller, Chat } from '../../contender.js';
import { type Note, noteMaker, type SizeName, type TallyOf } from '../../notes.js';
import type { Bench, Methods } from './service.js';

/** How a stream of replies is read. */
export type Reading = 'for await' | 'read()' | 'read(timeout)';

/** Milliseconds that never pass, for the reads that have a limit. */
const LIMIT = 60_000;

/** The benchmark's calls as a user of Tributary writes them. */
export class TributaryCaller implements Caller {
  readonly #client: Client;
  readonly #stub: Stub<Methods>;
  readonly #reading: Reading;

  constructor(client: Client, bench: Bench, reading: Reading) {
    this.#client = client;
    this.#stub = client.stub(bench);
    this.#reading = reading;
  }

  answer(note: Note): Promise<Note> {
    return this.#stub.answer(note);
  }

  async produce(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void> {
    const stream = this.#stub.produce({ count, size });
    if (this.#reading === 'read()') await readAll(stream, onNote);
    else if (this.#reading === 'read(timeout)') await readAllInTime(stream, onNote);
    else for await (const note of stream) onNote(note);
  }

  async collect(count: number, size: SizeName): Promise<TallyOf> {
    const makeNote = noteMaker(size);
    const stream = this.#stub.collect();
    for (let i = 0; i < count; i += 1) await stream.write(makeNote(i));
    return await stream.finish();
  }

  async echo(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void> {
    const makeNote = noteMaker(size);
    const stream = this.#stub.echo();
    const write = async (): Promise<void> => {
      for (let i = 0; i < count; i += 1) await stream.write(makeNote(i));
      await stream.doneWriting();
    };
    const read = async (): Promise<void> => {
      for await (const note of stream) onNote(note);
    };
    await Promise.all([write(), read()]);
  }

  chat(): Chat {
    const stream = this.#stub.echo();
    return {
      async exchange(note) {
        await stream.write(note);
        const reply = await stream.read();
        if (reply === EOF) throw new Error('the stream ended');
        return reply;
      },
      async end() {
        await stream.doneWriting();
        await stream.read();
      },
    };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

async function readAll(stream: ReadStream<Note>, onNote: (note: Note) => void): Promise<void> {
  for (;;) {
    const note = await stream.read();
    if (note === EOF) return;
    onNote(note);
  }
}

async function readAllInTime(
  stream: ReadStream<Note>,
  onNote: (note: Note) => void,
): Promise<void> {
  for (;;) {
    const note = await stream.read(LIMIT);
    if (note === EOF) return;
    if (note !== null) onNote(note);
  }
}
