import { EOF } from '../../lib/streams/eof.js';
import { frameSize } from '../../lib/streams/frame-size.js';
import { GARBLED } from './test-inbox.js';
import type { Fate } from './turn.js';

/** What a read of the model waits for. */
export interface ModelRead extends Fate {
  /** The model's clock when it gives up. */
  until: number;
  signal: AbortSignal | undefined;
  /** Whether its clock is an immediate, which fires before the timers of the same time. */
  immediate: boolean;
  /** Which clock of the run it is. */
  clock: number;
  kind: 'read' | 'next' | 'batch';
  /** How many it takes, and whether it is to wait for no more than the first. */
  max: number;
  eager: boolean;
}

/**
 * What an inbox must do, said as plainly as possible: an array of messages, an array of readers,
 * and after every change a search for who can be settled.
 */
export class InboxModel {
  readonly waiting: ModelRead[] = [];
  readonly watching: ModelRead[] = [];
  unread: string[] = [];
  now = 0;
  /** Set once nothing more can come; read when nothing is left. */
  outcome: typeof EOF | Error | undefined;
  readonly #garbledError: Error;
  #clocks = 0;

  constructor(garbledError: Error) {
    this.#garbledError = garbledError;
  }

  get queuedBytes(): number {
    return this.unread.reduce((sum, text) => sum + frameSize(Buffer.from(text)), 0);
  }

  read(timeout: number, signal: AbortSignal | undefined, kind: 'read' | 'next' = 'read'): Fate {
    return this.#wait(kind, 1, timeout, signal);
  }

  readBatch(max: number, timeout: number | undefined, signal: AbortSignal | undefined): Fate {
    return this.#wait('batch', max, timeout, signal, true);
  }

  ready(timeout: number, signal: AbortSignal | undefined): Fate {
    const watch = this.#begin('read', 1, timeout, signal);
    if (watch.state === 'pending') this.watching.push(watch);
    this.#tellWatching();
    return watch;
  }

  #begin(
    kind: ModelRead['kind'],
    max: number,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): ModelRead {
    this.#clocks += 1;
    const until = this.now + (timeout ?? Infinity);
    const [immediate, eager, clock] = [timeout === 0, timeout === undefined, this.#clocks];
    const read: ModelRead = {
      state: 'pending',
      ...{ until, immediate, clock, signal, kind, max, eager },
    };
    if (signal?.aborted) settle(read, 'rejected', signal.reason);
    return read;
  }

  #wait(
    kind: ModelRead['kind'],
    max: number,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
    takesWhatWaits = false,
  ): Fate {
    const read = this.#begin(kind, max, timeout, signal);
    if (read.state !== 'pending') return read;
    const first = this.waiting.length === 0 && this.unread.length > 0;
    if (takesWhatWaits && first && (read.eager || read.immediate)) this.#give(read);
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
    if (this.waiting.length > 0) this.#settleAll();
    this.unread = [];
    this.#settleAll();
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = [...this.waiting, ...this.watching]
        .filter(({ until }) => until <= end)
        .sort((a, b) => a.until - b.until || +b.immediate - +a.immediate || a.clock - b.clock);
      if (next === undefined) break;
      this.now = Math.max(this.now, next.until);
      if (this.watching.includes(next)) settle(next, 'resolved', false);
      else if (next.kind !== 'batch') settle(next, 'resolved', null);
      else if (this.waiting[0] === next && this.unread.length > 0) this.#give(next);
      else settle(next, 'resolved', []);
      this.#settleAll();
    }
    this.now = end;
  }

  abort(signal: AbortSignal): void {
    for (const read of [...this.waiting, ...this.watching]) {
      if (read.signal === signal) settle(read, 'rejected', signal.reason);
    }
    this.#settleAll();
  }

  #settleAll(): void {
    for (const read of this.waiting) {
      if (read.state !== 'pending') continue;
      const ended = this.outcome !== undefined;
      if (this.unread.length >= read.max || (ended && this.unread.length > 0)) this.#give(read);
      else if (!ended) {
        if (this.unread.length > 0 && read.eager && read.until === Infinity) {
          this.#clocks += 1;
          Object.assign(read, { until: this.now, immediate: true, clock: this.#clocks });
        }
        break;
      }
      if (this.unread.length === 0 && this.outcome !== undefined) this.#giveOutcome(read);
    }
    const pending = this.waiting.filter((read) => read.state === 'pending');
    this.waiting.splice(0, Infinity, ...pending);
    this.#tellWatching();
  }

  /** Messages up to the first that is garbled; those before it are given, the error is next. */
  #give(read: ModelRead): void {
    const some = this.unread.splice(0, read.max);
    const garbled = some.indexOf(GARBLED.toString());
    if (garbled >= 0) {
      some.length = garbled;
      this.unread = [];
      this.outcome = this.#garbledError;
    }
    const [value] = some;
    if (value === undefined) this.#giveOutcome(read);
    else if (read.kind === 'batch') settle(read, 'resolved', some);
    else settle(read, 'resolved', read.kind === 'next' ? { value, done: false } : value);
  }

  #giveOutcome(read: ModelRead): void {
    if (this.outcome !== EOF) settle(read, 'rejected', this.outcome);
    else settle(read, 'resolved', read.kind === 'next' ? { value: undefined, done: true } : EOF);
  }

  #tellWatching(): void {
    const waited = this.waiting.some(({ state }) => state === 'pending');
    if (!waited && (this.unread.length > 0 || this.outcome !== undefined)) {
      for (const watch of this.watching) settle(watch, 'resolved', true);
    }
    const pending = this.watching.filter((watch) => watch.state === 'pending');
    this.watching.splice(0, Infinity, ...pending);
  }
}

function settle(read: Fate, state: Fate['state'], value: unknown): void {
  if (read.state === 'pending') Object.assign(read, { state, value });
}
