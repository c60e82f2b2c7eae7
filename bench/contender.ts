import type { Note, TallyOf } from './notes.js';

/** A library under test: its server, and its client. Each runs in a process of its own. */
export interface Contender {
  /** Answers `bench.Bench` on a free port of 127.0.0.1. */
  serve(): Promise<{ readonly port: number; close(): Promise<void> | void }>;
  connect(port: number): Promise<Caller> | Caller;
}

/**
 * The four kinds of call, as a user of the library would write them. Streams of requests consist
 * of `makeNote(0)` to `makeNote(count - 1)`, written with backpressure.
 */
export interface Caller {
  answer(note: Note): Promise<Note>;
  produce(count: number, onNote: (note: Note) => void): Promise<void>;
  collect(count: number): Promise<TallyOf>;
  echo(count: number, onNote: (note: Note) => void): Promise<void>;
  close(): Promise<void> | void;
}
