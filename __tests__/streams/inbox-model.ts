import { EOF } from '../../lib/streams/eof.js';
import { frameSize } from '../../lib/streams/frame-size.js';
import { GARBLED } from './test-inbox.js';
import type { Fate } from './turn.js';

/** What a read of the model waits for. */
export interface ModelRead extends Fate {
  /** The model's clock when it gives up. */
  until: number;
  signal: AbortSignal | undefined;
  /** What an iterator would wrap. */
  wrapped: boolean;
}

/**
 * What an inbox must do, said as plainly as possible: an array of messages, an array of readers,
 * and after every change a search for who can be settled.
 */
export class InboxModel {
  readonly waiting: ModelRead[] = [];
  unread: string[] = [];
  now = 0;
  /** Set once nothing more can come; read when nothing is left. */
  outcome: typeof EOF | Error | undefined;
  readonly #garbledError: Error;

  constructor(garbledError: Error) {
    this.#garbledError = garbledError;
  }

  get queuedBytes(): number {
    return this.unread.reduce((sum, text) => sum + frameSize(Buffer.from(text)), 0);
  }

  read(timeout: number, signal: AbortSignal | undefined, wrapped: boolean): Fate {
    const read: ModelRead = { state: 'pending', until: this.now + timeout, signal, wrapped };
    if (signal?.aborted) settle(read, 'rejected', signal.reason);
    else this.waiting.push(read);
    this.#settleAll();
    return read;
  }

  arrive(text: string): void {
    if (this.outcome === undefined) this.unread.push(text);
    this.#settleAll();
  }

  end(outcome: typeof EOF | Error): void {
    this.outcome ??= outcome;
    this.#settleAll();
  }

  discard(outcome: Error): void {
    if (this.outcome === undefined || this.unread.length > 0) this.outcome = outcome;
    this.unread = [];
    this.#settleAll();
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const read of this.waiting) if (read.until <= this.now) settle(read, 'resolved', null);
    this.#settleAll();
  }

  abort(signal: AbortSignal): void {
    for (const read of this.waiting) {
      if (read.signal === signal) settle(read, 'rejected', signal.reason);
    }
    this.#settleAll();
  }

  #settleAll(): void {
    for (const read of this.waiting) {
      if (read.state !== 'pending') continue;
      if (this.unread.length > 0) {
        const text = this.unread.shift() as string;
        if (text === GARBLED.toString()) {
          this.unread = [];
          this.outcome = this.#garbledError;
        } else settle(read, 'resolved', read.wrapped ? { value: text, done: false } : text);
      }
      if (this.unread.length > 0 || this.outcome === undefined) continue;
      if (read.state !== 'pending') continue;
      if (this.outcome !== EOF) settle(read, 'rejected', this.outcome);
      else settle(read, 'resolved', read.wrapped ? { value: undefined, done: true } : EOF);
    }
    const pending = this.waiting.filter((read) => read.state === 'pending');
    this.waiting.splice(0, Infinity, ...pending);
  }
}

function settle(read: Fate, state: Fate['state'], value: unknown): void {
  if (read.state === 'pending') Object.assign(read, { state, value });
}
