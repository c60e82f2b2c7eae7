import { Deferred, rejectedQuietly } from '../base/deferred.js';
import { Fifo } from '../base/fifo.js';
import { wordsOf } from '../base/words-of.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { frameSize } from './frame-size.js';
import { RefusedWrite } from './refused-write.js';

/** From this many waiting bytes on, a batch is sent though another is still on its way. */
const BATCH_BYTES = 32 * 1024;

/** Where an outbox sends to. */
export interface MessageSink {
  /**
   * Sends messages in order. Calls `sent` once, later, when there is room for more; never after
   * the call has ended. May be called again before that.
   */
  send(batch: readonly Uint8Array[], sent: () => void): void;
  /** No more messages follow those already sent. */
  halfClose(): void;
}

/** What an outbox needs from the call it belongs to. */
export interface OutboxOptions<T> {
  readonly sink: MessageSink;
  /** Bytes accepted and not yet sent from which on `write` waits. */
  readonly highWaterMark: number;
  /** Bytes accepted and not yet sent above which `write` refuses those who did not wait. */
  readonly maxBufferedBytes: number;
  /** Turns a message into bytes; throws if it does not fit its type. */
  encode(message: T): Uint8Array;
  /** Told that a write was refused and nobody looked: the call must not end well. */
  unseenRefusal(error: Error): void;
}

/**
 * The sending half of a stream: what was accepted and has not been sent.
 *
 * ```
 *  write ── encode ──►  [ waiting ]  ── a batch ──►  ( on its way )  ── sent ──►  gone
 *                        └───── together ≤ highWaterMark, or write() waits ─────┘
 *
 *      open ── close() ──► closing ── all handed over ──► closed
 *        └───────┴─ fail(error): the call has ended ──────► failed
 * ```
 * A batch leaves at the end of the microtask if nothing is on its way, otherwise when that has
 * been sent or 32 KiB wait; so a lone message is not delayed and many travel together.
 */
export class Outbox<T> {
  readonly #options: OutboxOptions<T>;
  readonly #highWaterMark: number;
  readonly #batchSizes = new Fifo<number>();
  #state: 'open' | 'closing' | 'closed' | 'failed' = 'open';
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bufferedBytes = 0;
  #flushScheduled = false;
  #error: Error | undefined;
  #room: Deferred<void> | undefined;
  #empty: Deferred<void> | undefined;
  #closing: Promise<void> | undefined;
  #unseenRefusals = 0;
  #refusal: Error | undefined;
  #onEnd: Set<(error: Error) => void> | undefined;

  constructor(options: OutboxOptions<T>) {
    this.#options = options;
    // Whoever waits when told to is never refused, however the two are set.
    this.#highWaterMark = Math.min(options.highWaterMark, options.maxBufferedBytes);
  }

  /** Bytes accepted and not yet sent, length prefixes included. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Whether a write now would be accepted without waiting. */
  get canWriteMore(): boolean {
    return this.#state === 'open' && this.#bufferedBytes < this.#highWaterMark;
  }

  /** Accepts a message, or says why not; resolves when there is room for another. */
  write(message: T): Promise<void> {
    if (this.#state !== 'open') return this.#rejectLateWrite();
    let bytes: Uint8Array;
    try {
      bytes = this.#options.encode(message);
    } catch (thrown) {
      return this.#refuse(toEncodingError(thrown));
    }
    return this.writeBytes(bytes);
  }

  /** As `write`, for a message that is encoded already. */
  writeBytes(bytes: Uint8Array): Promise<void> {
    if (this.#state !== 'open') return this.#rejectLateWrite();
    const size = frameSize(bytes);
    const { maxBufferedBytes } = this.#options;
    const toldToWait = this.#bufferedBytes >= this.#highWaterMark;
    if (toldToWait && this.#bufferedBytes + size > maxBufferedBytes) {
      return this.#refuse(overflow(size, this.#bufferedBytes, maxBufferedBytes));
    }
    this.#accept(bytes, size);
    if (this.#bufferedBytes < this.#highWaterMark) return ROOM;
    this.#room ??= new Deferred();
    return this.#room.promise;
  }

  /** Half-closes behind what was accepted; resolves when all of it was sent. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Resolves when nothing that was accepted is left unsent; rejects if the call ends first. */
  sent(): Promise<void> {
    if (this.#state === 'failed') return rejectedQuietly(this.#error);
    if (this.#bufferedBytes === 0) return ROOM;
    this.#empty ??= new Deferred();
    return this.#empty.promise;
  }

  /** The call has ended; pending and later writes reject with this error. */
  fail(error: Error): void {
    if (this.#state === 'failed') return;
    this.#state = 'failed';
    this.#error = error;
    this.#waiting = [];
    this.#bufferedBytes = 0;
    this.#room?.rejectQuietly(error);
    this.#empty?.rejectQuietly(error);
    for (const onEnd of this.#onEnd ?? []) onEnd(error);
    this.#onEnd = undefined;
  }

  /** Calls `listener` when the call ends before `remove` is; at once if it has ended. */
  onEnd(listener: (error: Error) => void): { remove(): void } {
    if (this.#error !== undefined) listener(this.#error);
    else {
      this.#onEnd ??= new Set();
      this.#onEnd.add(listener);
    }
    return { remove: () => this.#onEnd?.delete(listener) };
  }

  #accept(bytes: Uint8Array, size: number): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += size;
    this.#bufferedBytes += size;
    if (this.#waitingBytes >= BATCH_BYTES) this.#flush();
    else if (this.#batchSizes.length === 0 && !this.#flushScheduled) {
      this.#flushScheduled = true;
      queueMicrotask(this.#flushNow);
    }
  }

  readonly #flushNow = (): void => {
    this.#flushScheduled = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#batchSizes.push(this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#options.sink.send(batch, this.#onSent);
  }

  readonly #onSent = (): void => {
    if (this.#state === 'failed') return;
    this.#bufferedBytes -= this.#batchSizes.shift();
    if (this.#batchSizes.length === 0) this.#flush();
    if (this.#bufferedBytes < this.#highWaterMark) {
      this.#room?.resolve();
      this.#room = undefined;
    }
    if (this.#bufferedBytes === 0) {
      this.#empty?.resolve();
      this.#empty = undefined;
    }
  };

  #close(): Promise<void> {
    if (this.#state === 'failed') return rejectedQuietly(this.#error);
    this.#state = 'closing';
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
    if (this.#state === 'failed') return rejectedQuietly(this.#error);
    this.#flush();
    const sent = this.sent();
    this.#state = 'closed';
    this.#options.sink.halfClose();
    return sent;
  }

  #refuse(error: Error): Promise<void> {
    if (this.#unseenRefusals === 0) this.#refusal = error;
    this.#unseenRefusals += 1;
    return RefusedWrite.of(error, () => {
      this.#unseenRefusals -= 1;
    });
  }

  #rejectLateWrite(): Promise<void> {
    const error =
      this.#error ??
      new RpcError(
        Status.FAILED_PRECONDITION,
        'write() after doneWriting(); the message was not sent',
      );
    return rejectedQuietly(error);
  }
}

/** What every write gets while there is room: one promise for all, so that none is made. */
export const ROOM: Promise<void> = Promise.resolve();

function overflow(size: number, buffered: number, limit: number): RpcError {
  return new RpcError(
    Status.RESOURCE_EXHAUSTED,
    `write() of ${size} bytes refused: ${buffered} bytes wait to be sent and maxBufferedBytes is ` +
      `${limit}; await each write() to let the peer keep up`,
  );
}

function toEncodingError(thrown: unknown): Error {
  if (thrown instanceof TypeError || thrown instanceof RangeError || RpcError.is(thrown)) {
    return thrown;
  }
  return new RpcError(Status.INTERNAL, `the message could not be encoded: ${wordsOf(thrown)}`, {
    cause: thrown,
  });
}
