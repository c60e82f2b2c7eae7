import type { RpcError } from '../status/rpc-error.js';
import type { EOF } from './eof.js';
import type { ReadStream } from './read-stream.js';

/** What `select` found on one of its streams: a message or `EOF`, else the error it failed with. */
export type Selected<Streams extends readonly ReadStream<unknown>[]> = {
  [Index in keyof Streams]: SelectedFrom<Streams[Index], IndexOf<Index>>;
}[number];

/** What `select` found on a stream. */
export type SelectedFrom<Stream, Index extends number> =
  | {
      readonly stream: Stream;
      readonly index: Index;
      readonly message: MessageOf<Stream> | EOF;
      readonly error?: undefined;
    }
  | {
      readonly stream: Stream;
      readonly index: Index;
      readonly message?: undefined;
      readonly error: RpcError;
    };

type MessageOf<Stream> = Stream extends ReadStream<infer Message> ? Message : never;

/** The place of a tuple's key, which the types have as a string; of a longer array just a number. */
type IndexOf<Key> = Key extends `${infer Index extends number}` ? Index : number;
