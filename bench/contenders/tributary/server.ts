import { Server, type Transport } from 'tributary';
import { noteMaker, Tally } from '../../notes.js';
import type { Bench } from './service.js';

export async function serve(
  bench: Bench,
  transport: Transport,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new Server({ transport, maxConcurrentStreams: 100_000 }).add(bench, {
    answer: (note) => note,
    async produce({ count, size }, _ctx, stream) {
      const makeNote = noteMaker(size);
      for (let i = 0; i < count; i += 1) await stream.write(makeNote(i));
    },
    async collect(stream) {
      const tally = new Tally();
      for await (const note of stream) tally.add(note);
      const { count, characters, sequences } = tally;
      return { count, characters, sequences };
    },
    async echo(stream) {
      for await (const note of stream) await stream.write(note);
    },
  });
  const { port } = await server.listen('127.0.0.1:0');
  return { port, close: () => server.close({ grace: 0 }) };
}
