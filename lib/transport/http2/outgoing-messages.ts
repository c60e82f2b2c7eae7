import type { Http2Stream } from 'node:http2';
import type { EncodedMessage } from '../../base/encoded-message.js';
import type { Compression } from '../../call/compression.js';
import { compress, isWorthCompressing } from './compression.js';
import { isGone } from './is-gone.js';
import { type Framed, joinCompressed, joinFrames } from './join-frames.js';

/** How many messages of a stream are compressed at once: each takes a quarter of a megabyte meanwhile. */
const AT_ONCE = 8;

/**
 * The messages that leave on an HTTP/2 stream: all that are sent at once travel in one write. Those
 * that are compressed take their time; what is sent behind them waits.
 */
export class OutgoingMessages {
  readonly #stream: Http2Stream;
  readonly #encoding: Compression;
  /** Resolves when all that was sent before has been written, on a stream that compresses. */
  #before: Promise<void> | undefined;

  constructor(stream: Http2Stream, encoding: Compression) {
    this.#stream = stream;
    this.#encoding = encoding;
  }

  /** Calls `sent` when Node has room for more; never if the stream ends first. */
  send(messages: readonly EncodedMessage[], sent: () => void): void {
    if (this.#encoding === 'identity') this.#write(joinFrames(messages), sent);
    else this.#before = this.#sendCompressed(messages, this.#encoding, sent, this.#before);
  }

  /** Ends this side of the stream behind what was sent. */
  end(): void {
    if (this.#before === undefined) this.#stream.end();
    else void this.#before.then(() => this.#stream.end());
  }

  async #sendCompressed(
    messages: readonly EncodedMessage[],
    encoding: 'gzip' | 'deflate',
    sent: () => void,
    before: Promise<void> | undefined,
  ): Promise<void> {
    await before;
    const framed: Framed[] = [];
    for (let at = 0; at < messages.length && !isGone(this.#stream); at += AT_ONCE) {
      const some = messages.slice(at, at + AT_ONCE);
      framed.push(...(await Promise.all(some.map(({ bytes }) => toFramed(bytes, encoding)))));
    }
    this.#write([joinCompressed(framed)], sent);
  }

  #write(runs: readonly Uint8Array[], sent: () => void): void {
    if (isGone(this.#stream)) return;
    const stream = this.#stream;
    const last = runs.length - 1;
    if (last > 0) stream.cork();
    for (let i = 0; i < last; i += 1) stream.write(runs[i]);
    stream.write(runs[last], (error) => {
      if (error === null || error === undefined) sent();
    });
    if (last > 0) stream.uncork();
  }
}

/** Compressed if that is of use and zlib can: a message may always travel as it is. */
async function toFramed(bytes: Uint8Array, encoding: 'gzip' | 'deflate'): Promise<Framed> {
  if (isWorthCompressing(bytes.byteLength)) {
    try {
      return { bytes: await compress(bytes, encoding), compressed: true };
    } catch {
      // Such as one that zlib has no memory for.
    }
  }
  return { bytes, compressed: false };
}
