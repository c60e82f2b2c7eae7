import PQueue from 'p-queue';
import { checkFunction, checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import { EOF } from './eof.js';

/** How `forEach` processes the messages. */
export interface ForEachOptions {
  /** How many calls may run at once; 1 unless given. */
  readonly concurrency?: number | undefined;
  /**
   * Whether what `fn` does has two steps. `fn` itself is the first: up to `concurrency` at once. The
   * function that it returns or resolves to, if any, is the second: called, and awaited, when all
   * earlier messages are done, so one at a time and in order. A message keeps its place until then,
   * so no more than `concurrency` are in progress. An error counts in its turn: everything before
   * the message that failed is done first.
   */
  readonly ordered?: boolean | undefined;
}

interface Readable<T> {
  read(options: { signal: AbortSignal }): Promise<T | null | EOF>;
}

/** What `ReadStream.forEach` does; `leave` is what leaving a loop over the stream does. */
export async function forEachMessage<T>(
  stream: Readable<T>,
  fn: (message: T) => unknown,
  leave: () => void,
  options: ForEachOptions = {},
): Promise<void> {
  const { concurrency, ordered } = checked(fn, options);
  const queue = new PQueue({ concurrency });
  const run = new Run(fn, leave);
  let last = DONE;
  try {
    for (;;) {
      const message = await stream.read({ signal: run.signal });
      if (message === EOF) break;
      const before = ordered ? last : undefined;
      last = queue.add(() => run.process(message as T, before));
      // Reading goes on when this message has found a free place, so none pile up here.
      await queue.onSizeLessThan(1);
    }
  } catch (error) {
    await queue.onIdle();
    if (!run.signal.aborted) throw error;
  }
  await queue.onIdle();
  if (run.failure !== undefined) throw run.failure.error;
}

const DONE = Promise.resolve();

/** One forEach: what it does with each message, and how it failed if it did. */
class Run<T> {
  readonly #fn: (message: T) => unknown;
  readonly #leave: () => void;
  readonly #stopped = new AbortController();
  failure: { readonly error: unknown } | undefined;

  constructor(fn: (message: T) => unknown, leave: () => void) {
    this.#fn = fn;
    this.#leave = leave;
  }

  /** Aborts when no more messages are wanted. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  /**
   * Never rejects: p-queue would start the next message before a handler of that ran.
   *
   * @param before - resolves when all earlier messages are done; undefined to ignore them
   */
  async process(message: T, before: Promise<void> | undefined): Promise<void> {
    if (this.signal.aborted) return;
    try {
      const second = await this.#fn(message);
      if (before === undefined) return;
      await before;
      if (this.failure === undefined && typeof second === 'function') await second();
    } catch (error) {
      // An earlier message may fail yet, and then that error counts. But no new one begins.
      this.#stopped.abort();
      await before;
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = { error };
    this.#leave();
  }
}

function checked(fn: unknown, options: ForEachOptions): { concurrency: number; ordered: boolean } {
  checkFunction('forEach callback', fn);
  checkOptions('forEach()', options, ['concurrency', 'ordered']);
  const { concurrency = 1, ordered = false } = options;
  if (typeof concurrency !== 'number' || !(concurrency >= 1)) {
    throw new RangeError(
      `forEach concurrency must be 1 or more, got ${describeValue(concurrency)}`,
    );
  }
  if (typeof ordered !== 'boolean') {
    throw new TypeError(`forEach ordered must be true or false, got ${describeValue(ordered)}`);
  }
  return { concurrency, ordered };
}
