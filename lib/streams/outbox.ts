import { Deferred, ignore, rejectedQuietly } from '../base/deferred.js';
import type { EncodedMessage } from '../base/encoded-message.js';
import { Batcher } from './batcher.js';
import { frameSize, type Sized } from './frame-size.js';
import { WatchedPromise } from './watched-promise.js';
import { lateWrite, overflow, toEncodingError } from './write-errors.js';

/** An error, or what makes it when somebody is to have it: most calls end well and unseen. */
export type LateError = Error | (() => Error);

/** Where an outbox sends to. */
export interface MessageSink<Raw = EncodedMessage> {
  /**
   * Sends messages in order. Calls `sent` once, later, when there is room for more; never after
   * the call has ended. May be called again before that.
   */
  send(batch: readonly Raw[], sent: () => void): void;
  /** No more messages follow those already sent. */
  halfClose(): void;
}

/** What an outbox needs from the call it belongs to. */
export interface OutboxOptions<T, Raw = EncodedMessage> {
  readonly sink: MessageSink<Raw>;
  /** Bytes accepted and not yet sent from which on `write` waits. */
  readonly highWaterMark: number;
  /** Bytes accepted and not yet sent above which `write` refuses those who did not wait. */
  readonly maxBufferedBytes: number;
  /** Turns a message into bytes; throws if it does not fit its type. */
  encode(message: T): Raw;
  /** Told that a write was refused and nobody looked: the call must not end well. */
  unseenRefusal(error: Error): void;
}

/** A source's place at an outbox. */
export interface SourcePlace<T> {
  /** As the outbox's `write`, until the source has left; also while the outbox is closing. */
  write(message: T): Promise<void>;
  /** No more will come from here. */
  leave(): void;
}

/**
 * The sending half of a stream: what was accepted and has not been sent.
 *
 * ```
 *  write ── encode ──►  [ the batcher: < highWaterMark, or write() waits ]  ── batches ──►  sink
 *
 *      open ── close(), stop() ──► closing ── sources done, all handed over ──► closed
 *        └───────┴─ fail(error): the call has ended ──────► failed
 * ```
 * Invariant: everything accepted is sent in order before the half-close, or `close()` rejects.
 */
export class Outbox<T, Raw extends Sized = EncodedMessage> {
  readonly #options: OutboxOptions<T, Raw>;
  readonly #highWaterMark: number;
  readonly #batcher: Batcher<Raw>;
  #state: 'open' | 'closing' | 'closed' | 'failed' = 'open';
  #error: LateError | undefined;
  #room: Deferred<void> | undefined;
  #empty: Deferred<void> | undefined;
  #closing: Promise<void> | undefined;
  #unseenRefusals = 0;
  #refusal: Error | undefined;
  readonly #sources = new Set<(error: Error) => void>();
  readonly #holders = new Set<(error: Error) => void>();
  #holdersLeft: Deferred<void> | undefined;

  constructor(options: OutboxOptions<T, Raw>) {
    this.#options = options;
    this.#batcher = new Batcher<Raw>(
      (batch, sent) => options.sink.send(batch, sent),
      () => this.#batchSent(),
    );
    // Whoever waits when told to is never refused, however the two are set.
    this.#highWaterMark = Math.min(options.highWaterMark, options.maxBufferedBytes);
  }

  /** Bytes accepted and not yet sent, length prefixes included. */
  get bufferedBytes(): number {
    return this.#batcher.bufferedBytes;
  }

  /** Whether a write now would be accepted without waiting. */
  get canWriteMore(): boolean {
    return this.isOpen && !this.isFull;
  }

  /** Whether whoever writes has to wait. */
  get isFull(): boolean {
    return this.#batcher.bufferedBytes >= this.#highWaterMark;
  }

  /** Whether nobody has said that no more will come. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether a source is being written from. */
  get hasSources(): boolean {
    return this.#sources.size > 0;
  }

  /** Accepts a message, or says why not; resolves when there is room for another. */
  write(message: T): Promise<void> {
    const late = this.#tooLate();
    return late === undefined ? this.#write(message) : rejectedQuietly(late);
  }

  /** As `write`, for a message that is encoded already. */
  writeEncoded(message: Raw): Promise<void> {
    const late = this.#tooLate();
    return late === undefined ? this.#writeEncoded(message) : rejectedQuietly(late);
  }

  /**
   * A place for a source that writes on its own. `onEnd` is called if the call ends before it has
   * left; at once if it is too late to write.
   *
   * @param holdsOpen - whether `close()` waits until it has left
   */
  attachSource(onEnd: (error: Error) => void, holdsOpen: boolean): SourcePlace<T> {
    const late = this.#tooLate();
    if (late !== undefined) onEnd(late);
    else {
      this.#sources.add(onEnd);
      if (holdsOpen) this.#holders.add(onEnd);
    }
    return {
      write: (message) => (this.#holders.has(onEnd) ? this.#write(message) : this.write(message)),
      leave: () => {
        this.#sources.delete(onEnd);
        this.#holders.delete(onEnd);
        if (this.#holders.size === 0) this.#holdersLeft?.resolve();
      },
    };
  }

  /** Counts a refusal as a hole in the stream until somebody looks at `promise`. */
  noteRefusal(error: Error, promise: WatchedPromise): void {
    if (promise.seen) return;
    if (this.#unseenRefusals === 0) this.#refusal = error;
    this.#unseenRefusals += 1;
    promise.whenSeen(() => {
      this.#unseenRefusals -= 1;
    });
  }

  /** Half-closes behind what was accepted; resolves when all of it was sent. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Resolves when nothing that was accepted is left unsent; rejects if the call ends first. */
  sent(): Promise<void> {
    if (this.#state === 'failed') return rejectedQuietly(this.#reason());
    if (this.#batcher.bufferedBytes === 0) return ROOM;
    this.#empty ??= new Deferred();
    return this.#empty.promise;
  }

  /** Accepts no more: later writes reject with this error. What was accepted is still sent. */
  stop(error: LateError): void {
    if (this.#state === 'failed') return;
    this.#state = 'closing';
    this.#error = error;
    this.#holdersLeft?.rejectQuietly(this.#reason());
    for (const onEnd of this.#sources) onEnd(this.#reason() as Error);
    this.#sources.clear();
    this.#holders.clear();
  }

  /** The call has ended; pending and later writes reject with this error. */
  fail(error: LateError): void {
    if (this.#state === 'failed') return;
    this.stop(error);
    this.#state = 'failed';
    this.#batcher.clear();
    this.#room?.rejectQuietly(this.#reason());
    this.#empty?.rejectQuietly(this.#reason());
  }

  #write(message: T): Promise<void> {
    let encoded: Raw;
    try {
      encoded = this.#options.encode(message);
    } catch (thrown) {
      return this.#refuse(toEncodingError(thrown));
    }
    return this.#writeEncoded(encoded);
  }

  #writeEncoded(message: Raw): Promise<void> {
    const size = frameSize(message);
    const { maxBufferedBytes } = this.#options;
    const { bufferedBytes } = this.#batcher;
    const toldToWait = bufferedBytes >= this.#highWaterMark;
    if (toldToWait && bufferedBytes + size > maxBufferedBytes) {
      return this.#refuse(overflow(size, bufferedBytes, maxBufferedBytes));
    }
    this.#batcher.add(message, size);
    if (this.#batcher.bufferedBytes < this.#highWaterMark) return ROOM;
    this.#room ??= new Deferred();
    return this.#room.promise;
  }

  #batchSent(): void {
    if (this.#batcher.bufferedBytes < this.#highWaterMark) {
      this.#room?.resolve();
      this.#room = undefined;
    }
    if (this.#batcher.bufferedBytes === 0) {
      this.#empty?.resolve();
      this.#empty = undefined;
    }
  }

  #close(): Promise<void> {
    if (this.#state === 'failed') return rejectedQuietly(this.#reason());
    this.#state = 'closing';
    if (this.#holders.size === 0) return this.#judge();
    this.#holdersLeft = new Deferred();
    const closed = this.#holdersLeft.promise.then(() => this.#judge());
    closed.catch(ignore);
    return closed;
  }

  /** Half-closes, unless a refusal went unnoticed. */
  #judge(): Promise<void> {
    if (this.#unseenRefusals === 0) return this.#halfClose();
    // Whoever wrote may be about to look: an `await` in the same turn of the event loop counts.
    const judged = new Deferred<void>();
    setImmediate(() => {
      if (this.#unseenRefusals > 0) this.#giveUp(judged);
      else this.#halfClose().then(judged.resolve, (error) => judged.rejectQuietly(error));
    });
    return judged.promise;
  }

  #giveUp(judged: Deferred<void>): void {
    judged.rejectQuietly(this.#refusal);
    if (this.#state !== 'failed') this.#options.unseenRefusal(this.#refusal as Error);
  }

  #halfClose(): Promise<void> {
    if (this.#state === 'failed') return rejectedQuietly(this.#reason());
    this.#batcher.flush();
    const sent = this.sent();
    this.#state = 'closed';
    this.#options.sink.halfClose();
    return sent;
  }

  #refuse(error: Error): Promise<void> {
    const refused = new WatchedPromise((_resolve, reject) => reject(error));
    this.noteRefusal(error, refused);
    return refused;
  }

  #tooLate(): Error | undefined {
    return this.#state === 'open' ? undefined : (this.#reason() ?? lateWrite());
  }

  /** Why no more is accepted, if there is an error. */
  #reason(): Error | undefined {
    if (typeof this.#error === 'function') this.#error = this.#error();
    return this.#error;
  }
}

/** What every write gets while there is room: one promise for all, so that none is made. */
export const ROOM: Promise<void> = Promise.resolve();
