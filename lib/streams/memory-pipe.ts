import type { EncodedMessage } from '../base/encoded-message.js';
import { Fifo } from '../base/fifo.js';

/** Bytes that may be under way before the sender is told to wait; HTTP/2's usual window. */
const WINDOW_BYTES = 64 * 1024;

/** How many messages may follow one another before the event loop turns. */
const STEPS_A_TURN = 256;

/**
 * One direction of a call in memory: batches in, messages out one by one as they are asked for.
 * `sent` of a batch is called when what is under way behind it fits the window again.
 *
 * ```
 *  send ─►  [ messages under way ]  ── request() ──►  deliver, one each, by microtask
 *  end ──────────────────────────────────────────►  onEnd, behind the last message
 * ```
 */
export class MemoryPipe {
  readonly #deliver: (bytes: Uint8Array) => void;
  readonly #messages = new Fifo<EncodedMessage>();
  readonly #waiting = new Fifo<() => void>();
  #underWay = 0;
  #requested = false;
  #released = false;
  #scheduled = false;
  #steps = 0;
  #ended = false;
  #stopped = false;
  #onEnd: (() => void) | undefined;
  readonly #needsRequest: boolean;

  /**
   * @param deliver - takes a message that was asked for
   * @param onEnd - called behind the last message when that end, too, is asked for
   */
  constructor(deliver: (bytes: Uint8Array) => void, onEnd?: () => void) {
    this.#deliver = deliver;
    this.#onEnd = onEnd;
    this.#needsRequest = onEnd !== undefined;
  }

  send(batch: readonly EncodedMessage[], sent: () => void): void {
    if (this.#stopped) return;
    for (const message of batch) {
      this.#messages.push(message);
      this.#underWay += message.byteLength;
    }
    this.#waiting.push(sent);
    this.#schedule();
  }

  /** No more messages. `onEnd`, if given, is called behind the last one without being asked for. */
  end(onEnd?: () => void): void {
    this.#ended = true;
    this.#onEnd = onEnd ?? this.#onEnd;
    this.#schedule();
  }

  request(): void {
    this.#requested = true;
    this.#schedule();
  }

  /** Delivers what is there and what comes without being asked, until `hold`. */
  release(): void {
    this.#released = true;
    this.#schedule();
  }

  /** Delivers only what is asked for again. */
  hold(): void {
    this.#released = false;
  }

  /** Drops everything; nothing is delivered and nobody told any more. */
  stop(): void {
    this.#stopped = true;
    this.#messages.clear();
    this.#waiting.clear();
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#steps += 1;
    // Timers and the rest of the process get their turn, as they do with a network.
    if (this.#steps % STEPS_A_TURN === 0) setImmediate(this.#onTurn);
    else queueMicrotask(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    this.#scheduled = false;
    this.#step();
  };

  #step(): void {
    if (this.#stopped) return;
    if (this.#mayDeliver()) {
      this.#requested = false;
      const message = this.#messages.shift();
      this.#underWay -= message.byteLength;
      this.#deliver(message.bytes);
    }
    while (this.#waiting.length > 0 && this.#underWay <= WINDOW_BYTES) this.#waiting.shift()();
    if (this.#mayEnd()) {
      const onEnd = this.#onEnd;
      this.#onEnd = undefined;
      onEnd?.();
    } else if (this.#mayDeliver()) this.#schedule();
  }

  #mayDeliver(): boolean {
    return (this.#requested || this.#released) && this.#messages.length > 0;
  }

  #mayEnd(): boolean {
    if (!this.#ended || this.#messages.length > 0) return false;
    return this.#requested || !this.#needsRequest;
  }
}
