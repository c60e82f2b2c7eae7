/** What every peer's messages are turned into. */
export interface Note {
  text: string;
  number: number;
  big: bigint;
  blob: Uint8Array;
  words: string[];
}

/** The methods of `interop.proto`; the first four are the four kinds. */
export type Method = 'unary' | 'serverStream' | 'clientStream' | 'bidiStream' | 'absent';

/** Metadata with one value a key; keys that end in `-bin` have bytes. */
export type Headers = { readonly [key: string]: string | Uint8Array };

/** A call as its server sees it, whatever library that is. */
export interface Incoming {
  readonly asks: AsyncIterable<Note>;
  readonly headers: Headers;
  /** Aborts when the call is cancelled or its deadline passes. */
  readonly signal: AbortSignal;
  /** Milliseconds left when the call came in; undefined without a deadline or if the library hides it. */
  readonly timeLeft: number | undefined;
  /** Before the first answer. */
  setHeaders(headers: Headers): void;
  setTrailers(trailers: Headers): void;
}

/** Answers a call; exactly one note where the method has a single reply. Throws `Refusal` to fail it. */
export type Answerer = (call: Incoming) => AsyncIterable<Note>;

/** A status other than OK, as a server is to answer it. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly details: string,
  ) {
    super(details);
  }
}

/** A call as a client is to make it, whatever library that is. */
export interface Outgoing {
  readonly method: Method;
  /** A single one where the method has a single request. */
  readonly asks: Iterable<Note> | AsyncIterable<Note>;
  readonly headers?: Headers;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  readonly onAnswer?: (note: Note) => void;
}

/** What became of it. */
export interface Outcome {
  readonly answers: Note[];
  readonly code: number;
  readonly details: string;
  readonly headers: Headers;
  readonly trailers: Headers;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface RunningClient {
  call(call: Outgoing): Promise<Outcome>;
  close(): Promise<void>;
}

/** One library, from both ends. */
export interface Peer {
  readonly name: string;
  /** Listens on a free port of 127.0.0.1 and answers every call of the four kinds. */
  serve(answer: Answerer): Promise<RunningServer>;
  connect(port: number): RunningClient;
  /** Whether its client puts deadlines on the wire. */
  readonly sendsDeadlines: boolean;
  /** Whether its server tells handlers the deadline. */
  readonly tellsDeadlines: boolean;
  /** Whether its client, grpc-js, drops messages that it still decompresses when an error comes. */
  readonly dropsBeforeErrors: boolean;
  /** Whether its server is told to compress replies. */
  readonly compressesReplies: boolean;
}

/** The only item of an iterable. */
export async function only<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  if (all.length !== 1) throw new Error(`expected one item, got ${all.length}`);
  return all[0] as T;
}

/** The request of a call that has one, of the requests that a story has for any kind. */
export async function firstOf<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T> {
  for await (const item of items) return item;
  throw new Error('expected an item');
}

/** Whether the method's requests are a stream. */
export function streamsRequests(method: Method): boolean {
  return method === 'clientStream' || method === 'bidiStream';
}
