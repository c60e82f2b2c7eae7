import { ignore } from '../base/deferred.js';
import { EncodedMessage } from '../base/encoded-message.js';
import { isPromiseLike } from '../base/is-promise-like.js';
import type { Codec } from '../schema/codec.js';
import { encoderOf } from '../schema/encoder-of.js';
import type { MessageMap } from './interceptor.js';

/** What interceptors do to the messages of one direction. */
export class MessageMaps {
  readonly #maps: MessageMap[] = [];

  get isEmpty(): boolean {
    return this.#maps.length === 0;
  }

  get length(): number {
    return this.#maps.length;
  }

  /** Behind those there are. */
  add(map: MessageMap): void {
    this.#maps.push(map);
  }

  /** Before those there are. */
  addFirst(map: MessageMap): void {
    this.#maps.unshift(map);
  }

  /** Drops all but the first `count`. */
  keepFirst(count: number): void {
    this.#maps.splice(count);
  }

  /** Drops all but the last `count`. */
  keepLast(count: number): void {
    this.#maps.splice(0, this.#maps.length - count);
  }

  /** The message that goes on in place of this one: itself, if none of them returns another. */
  apply(message: unknown): unknown {
    let current = message;
    for (const map of this.#maps) {
      const mapped = map(current);
      if (mapped === undefined) continue;
      if (isPromiseLike(mapped)) refusePromise(mapped);
      current = mapped;
    }
    return current;
  }

  /** As `apply`, for a message in bytes, which are only made anew for another message. */
  applyToBytes(bytes: Uint8Array, codec: Codec<unknown>): Uint8Array {
    if (this.isEmpty) return bytes;
    return this.applyToEncoded(EncodedMessage.of(bytes), codec).bytes;
  }

  /** As `applyToBytes`, for a message on its way out. */
  applyToEncoded(encoded: EncodedMessage, codec: Codec<unknown>): EncodedMessage {
    if (this.isEmpty) return encoded;
    const message = codec.decode(encoded.bytes);
    const mapped = this.apply(message);
    return mapped === message ? encoded : encoderOf(codec)(mapped);
  }
}

/** A codec may well take a promise for an empty message. */
function refusePromise(promise: PromiseLike<unknown>): never {
  promise.then(ignore, ignore);
  throw new TypeError('a map of messages must give its message at once, got a promise');
}
