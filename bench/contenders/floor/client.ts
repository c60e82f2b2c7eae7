import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect as open } from 'node:http2';
import type { Caller, Chat } from '../../contender.js';
import { type Note, noteMaker, type Order, type SizeName, type TallyOf } from '../../notes.js';
import { types } from '../plain-codecs.js';
import { BatchWriter } from './batch-writer.js';
import { readMessages } from './read-messages.js';
import { MEMORY, SETTINGS } from './settings.js';

export async function connect(port: number): Promise<Caller> {
  const session = open(`http://127.0.0.1:${port}`, { settings: SETTINGS, ...MEMORY });
  await once(session, 'remoteSettings');
  return new FloorCaller(session);
}

const ignore = (): void => {};

class FloorCaller implements Caller {
  readonly #session: ClientHttp2Session;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  answer(note: Note): Promise<Note> {
    const stream = this.#request('Answer');
    let reply: Note;
    readMessages<Note>(stream, types.note, (came) => {
      reply = came;
    });
    const writer = new BatchWriter<Note>(stream, types.note, ignore);
    writer.add(note);
    writer.end();
    return ended(stream, () => reply);
  }

  produce(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void> {
    const stream = this.#request('Produce');
    const writer = new BatchWriter<Order>(stream, types.order, ignore);
    writer.add({ count, size });
    writer.end();
    readMessages(stream, types.note, onNote);
    return ended(stream, ignore);
  }

  collect(count: number, size: SizeName): Promise<TallyOf> {
    const stream = this.#request('Collect');
    let reply: TallyOf;
    readMessages<TallyOf>(stream, types.tally, (came) => {
      reply = came;
    });
    writeNotes(stream, count, size);
    return ended(stream, () => reply);
  }

  echo(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void> {
    const stream = this.#request('Echo');
    readMessages(stream, types.note, onNote);
    writeNotes(stream, count, size);
    return ended(stream, ignore);
  }

  chat(): Chat {
    const stream = this.#request('Echo');
    const writer = new BatchWriter<Note>(stream, types.note, ignore);
    let onNote: (note: Note) => void = ignore;
    readMessages<Note>(stream, types.note, (note) => onNote(note));
    const end = ended(stream, ignore);
    return {
      exchange(note) {
        return new Promise((resolve) => {
          onNote = resolve;
          writer.add(note);
          writer.flush();
        });
      },
      end() {
        writer.end();
        return end;
      },
    };
  }

  close(): void {
    this.#session.destroy();
  }

  #request(method: string): ClientHttp2Stream {
    return this.#session.request(
      {
        ':method': 'POST',
        ':path': `/bench.Bench/${method}`,
        te: 'trailers',
        'content-type': 'application/grpc',
      },
      { endStream: false },
    );
  }
}

/** Resolves at the end of a stream whose trailers say OK. */
function ended<T>(stream: ClientHttp2Stream, result: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    let status: unknown;
    stream.on('trailers', (trailers) => {
      status = trailers['grpc-status'];
    });
    stream.on('error', reject);
    stream.on('end', () => {
      if (status === '0') resolve(result());
      else reject(new Error(`the call ended with the status ${String(status)}`));
    });
  });
}

function writeNotes(stream: ClientHttp2Stream, count: number, size: SizeName): void {
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
}
