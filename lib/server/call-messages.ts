import type { EncodedMessage } from '../base/encoded-message.js';
import { MessageMaps } from '../call/message-maps.js';
import { type Encoder, encoderOf } from '../schema/encoder-of.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { ReplyTooLarge } from './reply-too-large.js';

/** Those of a call that nobody intercepts. */
const NO_MAPS = new MessageMaps();

/** The messages of one call, between their bytes and its handler: interceptors may stand there. */
export class CallMessages {
  readonly requestMaps: MessageMaps;
  readonly replyMaps: MessageMaps;
  readonly #method: MethodDescriptor;
  readonly #encodeReply: Encoder<unknown>;
  readonly #maxReplySize: number;
  readonly #mapFailed: (thrown: unknown) => Error;

  /**
   * @param maxReplySize - bytes above which a reply is refused
   * @param intercepted - whether any maps can come
   * @param mapFailed - makes of what a map threw the error that is thrown on
   */
  constructor(
    method: MethodDescriptor,
    maxReplySize: number,
    intercepted: boolean,
    mapFailed: (thrown: unknown) => Error,
  ) {
    this.#method = method;
    this.#encodeReply = encoderOf(method.response);
    this.#maxReplySize = maxReplySize;
    this.#mapFailed = mapFailed;
    this.requestMaps = intercepted ? new MessageMaps() : NO_MAPS;
    this.replyMaps = intercepted ? new MessageMaps() : NO_MAPS;
  }

  /** Throws if the bytes are no such message, or what a map throws. */
  decode(bytes: Uint8Array): unknown {
    const request = this.#method.request.decode(bytes);
    return this.requestMaps.isEmpty ? request : this.#map(this.requestMaps, request);
  }

  /** The bytes of a reply; throws if it does not fit its type or is too large to be sent. */
  encode(message: unknown): EncodedMessage {
    const reply = this.replyMaps.isEmpty ? message : this.#map(this.replyMaps, message);
    const encoded = this.#encodeReply(reply);
    if (encoded.byteLength > this.#maxReplySize) {
      throw new ReplyTooLarge(encoded.byteLength, this.#maxReplySize);
    }
    return encoded;
  }

  #map(maps: MessageMaps, message: unknown): unknown {
    try {
      return maps.apply(message);
    } catch (thrown) {
      throw this.#mapFailed(thrown);
    }
  }
}
