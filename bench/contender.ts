import type { Note, SizeName, TallyOf } from './notes.js';

/** A library under test: its server, and its client. Each runs in a process of its own. */
export interface Contender {
  /** Answers `bench.Bench` on a free port of 127.0.0.1, any number of streams at a time. */
  serve(): Promise<{ readonly port: number; close(): Promise<void> | void }>;
  /** A client; all that it does travels on one connection. */
  connect(port: number): Promise<Caller> | Caller;
}

/**
 * The four kinds of call, as a user of the library would write them. Streams of requests consist
 * of the first `count` notes of a size, written with backpressure.
 */
export interface Caller {
  answer(note: Note): Promise<Note>;
  produce(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void>;
  collect(count: number, size: SizeName): Promise<TallyOf>;
  echo(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void>;
  /** Opens a stream of the echo that is used step by step. */
  chat(): Chat;
  close(): Promise<void> | void;
}

/** A stream each way, a note at a time. */
export interface Chat {
  /** Sends a note; gives the one that comes back. Not before the last one came back. */
  exchange(note: Note): Promise<Note>;
  /** Half-closes; resolves when the call has ended well. */
  end(): Promise<void>;
}
