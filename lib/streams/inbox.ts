import { rejectedQuietly } from '../base/deferred.js';
import { Fifo } from '../base/fifo.js';
import { EOF } from './eof.js';
import { frameSize } from './frame-size.js';
import { Waiter } from './waiter.js';

/** How a stream of messages ended: well, or with the error that every later read gets. */
export type Outcome = EOF | Error;

/** What an inbox needs from the call it belongs to. */
export interface InboxOptions<T> {
  /** How many bytes may wait unread before no more are asked for. */
  readonly prefetchBytes: number;
  /** Turns bytes into a message; called once, when the message is read. */
  decode(bytes: Uint8Array): T;
  /** Asks the transport for one more message, to come later by `push`. */
  request(): void;
  /** Told that `decode` threw; gives the error that this read and all later ones get. */
  undecodable(thrown: unknown): Error;
  /** Told when the last message that waited has been read. */
  readonly drained?: (() => void) | undefined;
}

/**
 * The receiving half of a stream: what has arrived and was not read, and who waits for more.
 *
 * ```
 *  transport ── push ──►  [ bytes, bytes, … ]  ── read ──►  reader, or the oldest waiter
 *      ▲                     ≤ prefetchBytes                        │
 *      └────────────── request (one at a time) ◄────────────────────┘
 *
 *      open ── end(outcome), messages left ──► draining ── last one read ──► ended
 *        └──── end(outcome), none left, or discard(outcome) ─────────────────►┘
 * ```
 * Invariant: somebody waits only while nothing is queued. Every waiter is settled exactly once:
 * by a message, by its time, by its signal or by the end.
 */
export class Inbox<T> {
  readonly #options: InboxOptions<T>;
  readonly #queue = new Fifo<Uint8Array>();
  readonly #waiters = new Set<Waiter<T>>();
  #state: 'open' | 'draining' | 'ended' = 'open';
  #outcome: Outcome = EOF;
  #queuedBytes = 0;
  #requested = false;
  #pulling = false;
  #prefetching = true;

  constructor(options: InboxOptions<T>) {
    this.#options = options;
  }

  /** Bytes that have arrived and were not read, length prefixes included. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Starts asking for messages. */
  start(): void {
    this.#pull();
  }

  /** Takes in a message that the transport was asked for. */
  push(bytes: Uint8Array): void {
    this.#requested = false;
    if (this.#state !== 'open') return;
    const waiter = this.#oldestWaiter();
    if (waiter === undefined) {
      this.#queue.push(bytes);
      this.#queuedBytes += frameSize(bytes);
    } else {
      this.#deliver(waiter, bytes);
    }
    this.#pull();
  }

  /** No more will come. What has arrived can still be read; after it comes the outcome. */
  end(outcome: Outcome): void {
    if (this.#state !== 'open') return;
    this.#outcome = outcome;
    this.#state = 'draining';
    this.#endIfDrained();
  }

  /** Ends at once and drops what was not read. */
  discard(outcome: Outcome): void {
    if (this.#state === 'ended') return;
    this.#outcome = outcome;
    this.#queue.clear();
    this.#queuedBytes = 0;
    this.#state = 'draining';
    this.#endIfDrained();
  }

  /** Reads no further ahead than its readers ask; the transport's flow control holds the peer. */
  stopPrefetching(): void {
    this.#prefetching = false;
  }

  /**
   * The next message or the outcome; `null` if `timeout` ms (Infinity: no limit) pass first.
   * Rejects with the signal's reason if that aborts first. Neither consumes anything.
   */
  read(timeout: number, signal: AbortSignal | undefined): Promise<T | null | EOF> {
    if (signal?.aborted) return rejectedQuietly(signal.reason);
    return this.#next(same, timeout, signal);
  }

  /** The next message as an iterator gives it. */
  next(): Promise<IteratorResult<T, undefined>> {
    return this.#next(toIteratorResult<T>, Infinity, undefined);
  }

  #next<Result>(
    convert: (message: T | null | EOF) => Result,
    timeout: number,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    if (this.#queue.length > 0) {
      const message = this.#take();
      if (message instanceof Failure) return rejectedQuietly(message.error);
      return Promise.resolve(convert(message));
    }
    if (this.#state === 'ended') {
      if (this.#outcome !== EOF) return rejectedQuietly(this.#outcome);
      return Promise.resolve(convert(EOF));
    }
    const waiter = new Waiter<T, Result>(this.#waiters, convert, timeout, signal);
    this.#pull();
    return waiter.promise;
  }

  #take(): T | Failure {
    const bytes = this.#queue.shift();
    this.#queuedBytes -= frameSize(bytes);
    const result = this.#decode(bytes);
    if (this.#queuedBytes === 0) this.#options.drained?.();
    if (this.#state === 'draining') this.#endIfDrained();
    else this.#pull();
    return result;
  }

  #deliver(waiter: Waiter<T>, bytes: Uint8Array): void {
    const result = this.#decode(bytes);
    if (!(result instanceof Failure)) waiter.resolve(result);
  }

  /** Decodes, or ends the stream: nothing after an undecodable message can be trusted. */
  #decode(bytes: Uint8Array): T | Failure {
    try {
      return this.#options.decode(bytes);
    } catch (thrown) {
      const error = this.#options.undecodable(thrown);
      this.discard(error);
      return new Failure(error);
    }
  }

  #endIfDrained(): void {
    if (this.#queue.length > 0) return;
    this.#state = 'ended';
    for (const waiter of this.#waiters) {
      if (this.#outcome === EOF) waiter.resolve(EOF);
      else waiter.reject(this.#outcome);
    }
  }

  /** Asks for more while more is wanted; a loop, as `request` may push from inside itself. */
  #pull(): void {
    if (this.#pulling) return;
    this.#pulling = true;
    while (!this.#requested && this.#wantsMore()) {
      this.#requested = true;
      this.#options.request();
    }
    this.#pulling = false;
  }

  #wantsMore(): boolean {
    if (this.#state !== 'open') return false;
    if (this.#waiters.size > 0) return true;
    return this.#prefetching && this.#queuedBytes < this.#options.prefetchBytes;
  }

  #oldestWaiter(): Waiter<T> | undefined {
    if (this.#waiters.size === 0) return undefined;
    return this.#waiters.values().next().value;
  }
}

/** Carries a decoding error past the fact that a message may be any value. */
class Failure {
  constructor(readonly error: Error) {}
}

function same<T>(message: T): T {
  return message;
}

/** Only called without a timeout, so that `null` is a message (JSON has it) and no lapse of time. */
function toIteratorResult<T>(message: T | null | EOF): IteratorResult<T, undefined> {
  return message === EOF ? { value: undefined, done: true } : { value: message as T, done: false };
}
