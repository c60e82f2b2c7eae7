import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type Note, noteMaker, type Order, Tally, type TallyOf } from '../../notes.js';
import { types } from '../plain-codecs.js';
import { BatchWriter } from './batch-writer.js';
import { readMessages } from './read-messages.js';
import { MEMORY, SETTINGS } from './settings.js';

const HANDLERS: { readonly [path: string]: (stream: ServerHttp2Stream) => void } = {
  '/bench.Bench/Answer': echo,
  '/bench.Bench/Produce': produce,
  '/bench.Bench/Collect': collect,
  '/bench.Bench/Echo': echo,
};

export async function serve(): Promise<{ port: number; close(): void }> {
  const server = createServer({ settings: SETTINGS, ...MEMORY });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    HANDLERS[headers[':path'] ?? '']?.(stream);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

function produce(stream: ServerHttp2Stream): void {
  readMessages<Order>(stream, types.order, ({ count, size }) => {
    const makeNote = noteMaker(size);
    let next = 0;
    const fill = (): void => {
      while (next < count) {
        next += 1;
        if (!writer.add(makeNote(next - 1))) return;
      }
      writer.end();
    };
    const writer = new BatchWriter<Note>(stream, types.note, fill);
    fill();
  });
}

function collect(stream: ServerHttp2Stream): void {
  const tally = new Tally();
  readMessages<Note>(stream, types.note, tally.add);
  stream.on('end', () => {
    const writer = new BatchWriter<TallyOf>(stream, types.tally, () => {});
    writer.add(tally);
    writer.end();
  });
}

function echo(stream: ServerHttp2Stream): void {
  const writer = new BatchWriter<Note>(stream, types.note, () => stream.resume());
  const onNote = (note: Note): void => {
    if (!writer.add(note)) stream.pause();
  };
  readMessages<Note>(stream, types.note, onNote, () => writer.flush());
  stream.on('end', () => writer.end());
}
