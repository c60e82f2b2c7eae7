import { ignore } from '../base/deferred.js';
import { type Outbox, ROOM } from './outbox.js';
import type { Source } from './source.js';

/** The source itself failed, as opposed to the call it feeds; `cause` is what it threw. */
export class SourceError extends Error {
  constructor(cause: unknown) {
    super('the source of messages failed', { cause });
  }
}

/**
 * Writes every message of `source`, pulling the next when there is room. Resolves when the source
 * is exhausted. Rejects at once when the call ends, even while the source is being waited for, and
 * with a `SourceError` when the source throws. The source's `return` is called in either case that
 * leaves it unfinished.
 */
export function writeAll<T>(outbox: Outbox<T>, source: Source<T>): Promise<void> {
  return new Promise((resolve, reject) => {
    const iterator = open(source);
    let stopped = false;
    const stop = (error: unknown): void => {
      stopped = true;
      closeIterator(iterator);
      reject(error);
    };
    const watch = outbox.onEnd(stop);
    pump(iterator, outbox, () => stopped).then(
      () => {
        watch.remove();
        resolve();
      },
      (error: unknown) => {
        watch.remove();
        if (stopped) return;
        if (!(error instanceof SourceError)) closeIterator(iterator);
        reject(error);
      },
    );
  });
}

type AnyIterator<T> = Iterator<T> | AsyncIterator<T>;

function open<T>(source: Source<T>): AnyIterator<T> {
  try {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
    return source[Symbol.iterator]();
  } catch (thrown) {
    throw new SourceError(thrown);
  }
}

async function pump<T>(
  iterator: AnyIterator<T>,
  outbox: Outbox<T>,
  stopped: () => boolean,
): Promise<void> {
  while (!stopped()) {
    let result = step(iterator);
    if (result instanceof Promise) result = await result;
    // A generator that ends its own call could not be closed while it ran.
    else if (stopped()) closeIterator(iterator);
    if (result.done === true || stopped()) return;
    const written = outbox.write(result.value);
    if (written !== ROOM) await written;
  }
}

function step<T>(iterator: AnyIterator<T>): IteratorResult<T> | Promise<IteratorResult<T>> {
  try {
    const result = iterator.next();
    if (!isPromiseLike(result)) return result;
    return Promise.resolve(result).catch((thrown: unknown) => {
      throw new SourceError(thrown);
    });
  } catch (thrown) {
    throw new SourceError(thrown);
  }
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown }).then === 'function';
}

/** Tells the source that no more is wanted. What it says to that concerns nobody any more. */
function closeIterator(iterator: AnyIterator<unknown>): void {
  try {
    const closed = iterator.return?.();
    if (closed !== undefined && isPromiseLike(closed)) closed.then(ignore, ignore);
  } catch {
    // A source that cannot even stop has nothing left to lose.
  }
}
