import type { ReadStream } from './read-stream.js';
import type { WriteStream } from './write-stream.js';

/** Both ends of a bidirectional stream; the two directions are independent of one another. */
export interface ReadWriteStream<Read, Write> extends ReadStream<Read>, WriteStream<Write> {}
