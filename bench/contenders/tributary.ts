import {
  type BidiStream,
  bidiStream,
  type Client,
  type ClientStream,
  clientStream,
  connect,
  loadService,
  Server,
  type ServerStream,
  type ServiceDescriptor,
  type Stub,
  serverStream,
  service,
  type Unary,
  unary,
} from 'tributary';
import type { Caller, Contender } from '../contender.js';
import { makeNote, type Note, Tally, type TallyOf } from '../notes.js';
import { codecs, PROTO } from './plain-codecs.js';

if (!import.meta.resolve('tributary').endsWith('/dist/index.js')) {
  throw new Error('this should measure what ships, and found the sources');
}

type Methods = {
  answer: Unary<Note, Note>;
  produce: ServerStream<{ count: number }, Note>;
  collect: ClientStream<Note, TallyOf>;
  echo: BidiStream<Note, Note>;
};
type Bench = ServiceDescriptor<Methods>;

/** As users have it: messages checked as they are encoded, 64-bit integers exact. */
export const withOwnCodecs = contender(() => loadService<Methods>(PROTO, 'bench.Bench'));

/** With the very functions that the grpc-js contender encodes and decodes with. */
export const withPlainCodecs = contender(async () =>
  service('bench.Bench', {
    answer: unary(codecs.note, codecs.note),
    produce: serverStream(codecs.order, codecs.note),
    collect: clientStream(codecs.note, codecs.tally),
    echo: bidiStream(codecs.note, codecs.note),
  }),
);

function contender(load: () => Promise<Bench>): Contender {
  return {
    async serve() {
      const server = newServer(await load());
      const { port } = await server.listen('127.0.0.1:0');
      return { port, close: () => server.close({ grace: 0 }) };
    },
    async connect(port) {
      return new TributaryCaller(connect(`127.0.0.1:${port}`), await load());
    },
  };
}

function newServer(bench: Bench): Server {
  return new Server().add(bench, {
    answer: (note) => note,
    async produce({ count }, _ctx, stream) {
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
}

class TributaryCaller implements Caller {
  readonly #client: Client;
  readonly #stub: Stub<Methods>;

  constructor(client: Client, bench: Bench) {
    this.#client = client;
    this.#stub = client.stub(bench);
  }

  answer(note: Note): Promise<Note> {
    return this.#stub.answer(note);
  }

  async produce(count: number, onNote: (note: Note) => void): Promise<void> {
    for await (const note of this.#stub.produce({ count })) onNote(note);
  }

  async collect(count: number): Promise<TallyOf> {
    const stream = this.#stub.collect();
    for (let i = 0; i < count; i += 1) await stream.write(makeNote(i));
    return await stream.finish();
  }

  async echo(count: number, onNote: (note: Note) => void): Promise<void> {
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

  close(): Promise<void> {
    return this.#client.close();
  }
}
