import { EOF } from 'tributary';
import type { Message } from '../stories/harness.js';

/** A message that one side has tried to send. */
export interface Sent {
  readonly n: number;
  readonly size: number;
  /** `lost`: the call ended before the writer heard of it; the peer may have it or not. */
  fate: 'pending' | 'accepted' | 'refused' | 'lost';
}

/** What one read has come to; an error or EOF is its end. */
export interface Seen {
  readonly messages: Message[];
  end?: unknown;
}

/** What has come to pass on one side of a call. */
export class SideLog {
  readonly sent: Sent[] = [];
  /** In the order in which the reads began. */
  readonly seen: Seen[] = [];
  /** What is wrong already. */
  readonly faults: string[] = [];
  readonly #pending = new Map<number, string>();
  #promises = 0;

  /** What no promise has come of yet. */
  get pending(): string[] {
    return [...this.#pending.values()];
  }

  get received(): Message[] {
    return this.seen.flatMap(({ messages }) => messages);
  }

  /** The ends that reads were told of. */
  get ends(): unknown[] {
    return this.seen.flatMap(({ end }) => (end === undefined ? [] : [end]));
  }

  /** How many of its messages the peer must be given if it is given all. */
  get owed(): number {
    const kept = this.kept;
    return kept.findLastIndex(({ fate }) => fate === 'accepted') + 1;
  }

  /** What was sent but for what was refused. */
  get kept(): Sent[] {
    return this.sent.filter(({ fate }) => fate !== 'refused');
  }

  /** A message to send, and its place in the log. */
  next(size: number): { readonly entry: Sent; readonly message: Message } {
    const entry: Sent = { n: this.sent.length, size, fate: 'pending' };
    this.sent.push(entry);
    return { entry, message: { n: entry.n, text: textOf(entry.n, size) } };
  }

  /** The promise, which from now on must settle; it never rejects. */
  async settled<T>(
    name: string,
    promise: PromiseLike<T>,
  ): Promise<{ value: T; error?: undefined } | { error: unknown }> {
    const id = this.#promises;
    this.#promises += 1;
    this.#pending.set(id, name);
    try {
      return { value: await promise };
    } catch (error) {
      return { error };
    } finally {
      this.#pending.delete(id);
    }
  }

  /** A read that has begun; `abortedBy` is the one error that is no end. */
  async read(
    name: string,
    promise: PromiseLike<Message | readonly Message[] | null | typeof EOF>,
    abortedBy?: unknown,
  ): Promise<Seen> {
    const seen: Seen = { messages: [] };
    this.seen.push(seen);
    const result = await this.settled(name, promise);
    if (!('value' in result)) {
      if (abortedBy === undefined || result.error !== abortedBy) seen.end = result.error;
    } else if (result.value === EOF) seen.end = EOF;
    else if (Array.isArray(result.value)) seen.messages.push(...(result.value as Message[]));
    else if (result.value !== null) seen.messages.push(result.value as Message);
    return seen;
  }
}

/** The text of a message, which tells whose it is. */
export function textOf(n: number, size: number): string {
  return String.fromCharCode(97 + (n % 26)).repeat(size);
}
