import PQueue from 'p-queue';
import { checkFunction, checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import { EOF } from './eof.js';

/** How `forEach` processes the messages. */
export interface ForEachOptions {
  /** How many calls may run at once; 1 unless given. */
  readonly concurrency?: number | undefined;
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
  const queue = new PQueue({ concurrency: checkedConcurrency(fn, options) });
  const failed = new AbortController();
  const { signal } = failed;
  const run = async (message: T): Promise<void> => {
    if (signal.aborted) return;
    try {
      await fn(message);
    } catch (error) {
      if (signal.aborted) return;
      // Not in a handler of `add`'s promise: p-queue starts the next task before that runs.
      failed.abort({ error });
      leave();
    }
  };
  try {
    for (;;) {
      const message = await stream.read({ signal });
      if (message === EOF) break;
      void queue.add(() => run(message as T));
      // Reading goes on when this message has found a free place, so none pile up here.
      await queue.onSizeLessThan(1);
    }
  } catch (error) {
    await queue.onIdle();
    if (!signal.aborted) throw error;
  }
  await queue.onIdle();
  if (signal.aborted) throw (signal.reason as { error: unknown }).error;
}

function checkedConcurrency(fn: unknown, options: ForEachOptions): number {
  checkFunction('forEach callback', fn);
  checkOptions('forEach()', options, ['concurrency']);
  const { concurrency = 1 } = options;
  if (typeof concurrency !== 'number' || !(concurrency >= 1)) {
    throw new RangeError(
      `forEach concurrency must be 1 or more, got ${describeValue(concurrency)}`,
    );
  }
  return concurrency;
}
