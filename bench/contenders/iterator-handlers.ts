import { type Note, Tally, type TallyOf } from '../notes.js';
import { notes } from './iterator-caller.js';

/** Handlers as nice-grpc and connect take them. */
export const HANDLERS = {
  answer: async (note: Note): Promise<Note> => note,
  produce: notes,
  async collect(received: AsyncIterable<Note>): Promise<TallyOf> {
    const tally = new Tally();
    for await (const note of received) tally.add(note);
    const { count, characters, sequences } = tally;
    return { count, characters, sequences };
  },
  async *echo(received: AsyncIterable<Note>): AsyncGenerator<Note> {
    for await (const note of received) yield note;
  },
};
