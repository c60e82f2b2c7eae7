import type { Codec } from '../schema/codec.js';
import type { MessageMap } from './interceptor.js';

/** What interceptors do to the messages of one direction. */
export class MessageMaps {
  readonly #maps: MessageMap[] = [];

  get isEmpty(): boolean {
    return this.#maps.length === 0;
  }

  /** Behind those there are. */
  add(map: MessageMap): void {
    this.#maps.push(map);
  }

  /** Before those there are. */
  addFirst(map: MessageMap): void {
    this.#maps.unshift(map);
  }

  /** The message that goes on in place of this one: itself, if none of them returns another. */
  apply(message: unknown): unknown {
    let current = message;
    for (const map of this.#maps) {
      const mapped = map(current);
      if (mapped !== undefined) current = mapped;
    }
    return current;
  }

  /** As `apply`, for a message in bytes, which are only made anew for another message. */
  applyToBytes(bytes: Uint8Array, codec: Codec<unknown>): Uint8Array {
    if (this.isEmpty) return bytes;
    const message = codec.decode(bytes);
    const mapped = this.apply(message);
    return mapped === message ? bytes : codec.encode(mapped);
  }
}
