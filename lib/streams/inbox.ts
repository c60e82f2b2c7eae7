import { rejectedQuietly } from '../base/deferred.js';
import { Fifo } from '../base/fifo.js';
import { BatchWaiter } from './batch-waiter.js';
import { EOF } from './eof.js';
import { frameSize, type Sized } from './frame-size.js';
import type { InboxOptions } from './inbox-options.js';
import type { InboxReader } from './inbox-reader.js';
import { Failure, isSomething, same, toBatch, toIteratorResult } from './read-results.js';
import { Waiter } from './waiter.js';

/** How a stream of messages ended: well, or with the error that every later read gets. */
export type Outcome = EOF | Error;

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
 * Invariant: somebody waits only while fewer are queued than the oldest waiter wants; for a read,
 * that is while nothing is. Every waiter is settled exactly once: by messages, by its time, by its
 * signal or by the end. Those who only watch are told when a new read would not have to wait.
 */
export class Inbox<T, Raw extends Sized = Uint8Array> implements InboxReader<T> {
  readonly #options: InboxOptions<T, Raw>;
  readonly #queue = new Fifo<Raw>();
  readonly #waiters = new Set<Waiter<T>>();
  readonly #watchers = new Set<Waiter<T>>();
  #state: 'open' | 'draining' | 'ended' = 'open';
  #outcome: Outcome = EOF;
  #queuedBytes = 0;
  #requested = false;
  #pulling = false;
  #prefetching = true;

  constructor(options: InboxOptions<T, Raw>) {
    this.#options = options;
  }

  /** Bytes that have arrived and were not read, length prefixes included. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Whether messages have arrived that nobody waits to take, alone or with more to come. */
  get hasUnread(): boolean {
    return this.#queue.length > 0 && this.#waiters.size === 0;
  }

  /** Whether somebody waits for a message or the end, and whether one of them set no limit to that. */
  get awaited(): 'no' | 'for a time' | 'for ever' {
    if (this.#waiters.size + this.#watchers.size === 0) return 'no';
    const waiters = [...this.#waiters, ...this.#watchers];
    return waiters.every(({ isLimited }) => isLimited) ? 'for a time' : 'for ever';
  }

  /** Starts asking for messages. */
  start(): void {
    this.#pull();
  }

  /** Takes in a message that the transport was asked for. */
  push(bytes: Raw): void {
    this.#requested = false;
    if (this.#state !== 'open') return;
    const waiter = this.#oldestWaiter();
    if (waiter?.wanted === 1) this.#deliver(waiter, bytes);
    else {
      this.#queue.push(bytes);
      this.#queuedBytes += frameSize(bytes);
      if (waiter !== undefined || this.#watchers.size > 0) this.#serve();
    }
    this.#pull();
  }

  /** No more will come. What has arrived can still be read; after it comes the outcome. */
  end(outcome: Outcome): void {
    if (this.#state !== 'open') return;
    this.#outcome = outcome;
    this.#state = 'draining';
    this.#serve();
    this.#endIfDrained();
  }

  /** Ends at once and drops what was not read; a waiting batch is given what it had gathered. */
  discard(outcome: Outcome): void {
    if (this.#state === 'ended') return;
    this.#outcome = outcome;
    this.#state = 'draining';
    this.#serve();
    this.#clear();
    this.#endIfDrained();
  }

  /** Reads no further ahead than its readers ask; the transport's flow control holds the peer. */
  stopPrefetching(): void {
    this.#prefetching = false;
  }

  read(timeout: number, signal: AbortSignal | undefined): Promise<T | null | EOF> {
    if (signal?.aborted) return rejectedQuietly(signal.reason);
    return this.#next(same, timeout, signal);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#next(toIteratorResult<T>, Infinity, undefined);
  }

  readBatch(
    max: number,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<T[] | EOF> {
    if (signal?.aborted) return rejectedQuietly(signal.reason);
    if (this.#state === 'ended') return this.#next(toBatch<T>, Infinity, undefined);
    const impatient = timeout === undefined || timeout === 0;
    const wanted = impatient && this.#isReady() ? 1 : max;
    const serve = (): void => {
      this.#serve();
      this.#pull();
    };
    const batch = new BatchWaiter<T>(this.#waiters, { max, wanted, timeout, signal }, serve);
    serve();
    return batch.promise;
  }

  ready(timeout: number, signal: AbortSignal | undefined): Promise<boolean> {
    if (signal?.aborted) return rejectedQuietly(signal.reason);
    if (this.#isReady()) return Promise.resolve(true);
    const watcher = new Waiter<T, boolean>(this.#watchers, isSomething, timeout, signal);
    this.#pull();
    return watcher.promise;
  }

  #isReady(): boolean {
    return this.#state === 'ended' || this.hasUnread;
  }

  #next<Result>(
    convert: (message: T | null | EOF) => Result,
    timeout: number,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    if (this.hasUnread) {
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

  /** Gives the oldest waiters what they want, as far as it is there; then tells who watches. */
  #serve(): void {
    for (const waiter of this.#waiters) {
      if (this.#queue.length === 0) return;
      if (waiter.calledOff()) continue;
      if (this.#queue.length < waiter.wanted && this.#state === 'open') {
        waiter.someArrived();
        return;
      }
      this.#give(waiter);
    }
    if (this.#queue.length > 0) this.#tellWatchers();
  }

  #give(waiter: Waiter<T>): void {
    waiter.leave();
    const messages: T[] = [];
    while (messages.length < waiter.most && this.#queue.length > 0) {
      const bytes = this.#queue.shift();
      this.#queuedBytes -= frameSize(bytes);
      const message = this.#decode(bytes);
      if (!(message instanceof Failure)) messages.push(message);
      else if (messages.length === 0) waiter.reject(message.error);
    }
    if (messages.length > 0) waiter.give(messages);
    if (this.#queuedBytes === 0) this.#options.drained?.();
    if (this.#state === 'draining') this.#endIfDrained();
  }

  #deliver(waiter: Waiter<T>, bytes: Raw): void {
    const result = this.#decode(bytes);
    if (!(result instanceof Failure)) waiter.resolve(result);
  }

  /** Decodes, or ends the stream: nothing after an undecodable message can be trusted. */
  #decode(bytes: Raw): T | Failure {
    try {
      return this.#options.decode(bytes);
    } catch (thrown) {
      this.#clear();
      const error = this.#options.undecodable(thrown);
      this.discard(error);
      return new Failure(error);
    }
  }

  #endIfDrained(): void {
    if (this.#queue.length > 0) return;
    this.#state = 'ended';
    for (const waiter of this.#waiters) {
      if (waiter.calledOff()) continue;
      if (this.#outcome === EOF) waiter.resolve(EOF);
      else waiter.reject(this.#outcome);
    }
    this.#tellWatchers();
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers) if (!watcher.calledOff()) watcher.resolve(EOF);
  }

  #clear(): void {
    this.#queue.clear();
    this.#queuedBytes = 0;
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
    if (this.#prefetching && this.#queuedBytes < this.#options.prefetchBytes) return true;
    return this.#watchers.size > 0 && this.#queue.length === 0;
  }

  #oldestWaiter(): Waiter<T> | undefined {
    if (this.#waiters.size === 0) return undefined;
    return this.#waiters.values().next().value;
  }
}
