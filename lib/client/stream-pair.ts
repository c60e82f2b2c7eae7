import { ignore } from '../base/deferred.js';
import type { EncodedMessage } from '../base/encoded-message.js';
import type { BufferSizes } from '../call/call-options.js';
import { EOF } from '../streams/eof.js';
import { ServerReadWriteStream } from '../streams/handler-streams.js';
import { Inbox } from '../streams/inbox.js';
import { MemoryPipe } from '../streams/memory-pipe.js';
import { type MessageSink, Outbox } from '../streams/outbox.js';

/** What a pair needs from the intercepted call that it belongs to. */
export interface PairHost {
  readonly buffers: BufferSizes;
  decodeRequest(bytes: Uint8Array): unknown;
  encodeReply(reply: unknown): EncodedMessage;
  /** Makes of whatever `decodeRequest` threw the error that reads get. */
  undecodable(thrown: unknown): Error;
  /** Takes a reply for the caller, when it was asked for. */
  reply(bytes: Uint8Array): void;
  /** Ends the call with what an interceptor did wrong. */
  fail(thrown: unknown): void;
}

/**
 * The streams that interceptors of a client's call have: the caller's requests to read, replies for
 * it to write. Made when one of them asks for it.
 *
 * ```
 *  caller ── send ──►  requests  ──►  inbox   ─┐
 *                                              ├─ stream
 *  caller ◄── reply ──  replies  ◄──  outbox  ─┘
 * ```
 */
export class StreamPair implements MessageSink {
  readonly inbox: Inbox<unknown>;
  readonly outbox: Outbox<unknown>;
  readonly stream: ServerReadWriteStream<unknown, unknown>;
  readonly #requests: MemoryPipe;
  readonly #replies: MemoryPipe;
  #requestsTaken = 0;
  #hasReplies = false;

  constructor(host: PairHost) {
    this.#requests = new MemoryPipe(
      (bytes) => this.inbox.push(bytes),
      () => this.inbox.end(EOF),
    );
    this.#replies = new MemoryPipe((bytes) => host.reply(bytes));
    this.inbox = new Inbox<unknown>({
      prefetchBytes: host.buffers.prefetchBytes,
      decode: (bytes) => {
        this.#requestsTaken += 1;
        return host.decodeRequest(bytes);
      },
      request: () => this.#requests.request(),
      undecodable: (thrown) => host.undecodable(thrown),
    });
    this.outbox = new Outbox<unknown>({
      sink: { send: (batch, sent) => this.#replies.send(batch, sent), halfClose: ignore },
      highWaterMark: host.buffers.highWaterMark,
      maxBufferedBytes: host.buffers.maxBufferedBytes,
      encode: (reply) => {
        this.#hasReplies = true;
        return host.encodeReply(reply);
      },
      unseenRefusal: (error) => host.fail(error),
    });
    this.stream = new ServerReadWriteStream({
      inbox: this.inbox,
      outbox: this.outbox,
      doneWriting: () => this.outbox.close(),
      fail: (thrown) => host.fail(thrown),
    });
    this.inbox.start();
  }

  /** How many requests somebody has read. */
  get requestsTaken(): number {
    return this.#requestsTaken;
  }

  /** Whether any reply was written. */
  get hasReplies(): boolean {
    return this.#hasReplies;
  }

  send(batch: readonly EncodedMessage[], sent: () => void): void {
    this.#requests.send(batch, sent);
  }

  halfClose(): void {
    this.#requests.end();
  }

  /** The caller asks for a reply. */
  request(): void {
    this.#replies.request();
  }

  /**
   * Hands over the replies that are there without waiting to be asked: the call has failed, and what
   * has arrived is to be read before the error, which should not wait for that.
   */
  release(): void {
    this.#replies.release();
  }

  /** Replies wait to be asked for again. */
  hold(): void {
    this.#replies.hold();
  }

  /** The requests that nobody else reads; taking none any more when `signal` aborts. */
  async *requests(signal: AbortSignal): AsyncGenerator<unknown> {
    for (;;) {
      const request = await this.inbox.read(Infinity, signal);
      if (request === EOF) return;
      yield request;
    }
  }

  /** No more replies; `onEnd` is called behind the last one, when the caller has taken it. */
  end(onEnd: () => void): void {
    this.#replies.end(onEnd);
  }

  /** The call is over: whatever is pending rejects. */
  fail(error: Error): void {
    this.inbox.discard(error);
    this.outbox.fail(error);
    this.#requests.stop();
    this.#replies.stop();
  }
}
