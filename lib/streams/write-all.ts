import { ignore } from '../base/deferred.js';
import { isPromiseLike } from '../base/is-promise-like.js';
import { type Outbox, ROOM, type SourcePlace } from './outbox.js';
import type { Source } from './source.js';

/** The source itself failed, as opposed to the call it feeds; `cause` is what it threw. */
export class SourceError extends Error {
  override readonly name = 'SourceError';

  constructor(cause: unknown) {
    super('the source of messages failed', { cause });
  }
}

/** A message of the source was refused; `cause` says why. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';

  constructor(cause: unknown) {
    super('a message of the source was refused', { cause });
  }
}

interface WriteAllOptions {
  readonly holdsOpen?: boolean;
  readonly failedLate?: (thrown: unknown) => void;
}

/**
 * Writes every message of `source`, pulling the next when there is room. Resolves when the source
 * is exhausted. Rejects at once with the call's error when the call ends, even while the source is
 * being waited for; with a `SourceError` when the source throws and with a `RefusalError` when one
 * of its messages is refused. A source that is left unfinished gets its `return`. With `holdsOpen`
 * the outbox does not close before the source is exhausted. `failedLate` is told what the source
 * throws when the call has ended already, which is nobody's error any more.
 */
export function writeAll<T>(
  outbox: Pick<Outbox<T>, 'attachSource'>,
  source: Source<T>,
  { holdsOpen = false, failedLate = ignore }: WriteAllOptions = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const iterator = open(source);
    let stopped = false;
    const place = outbox.attachSource((error) => {
      stopped = true;
      closeIterator(iterator);
      reject(error);
    }, holdsOpen);
    pump(iterator, place, () => stopped).then(
      () => {
        place.leave();
        resolve();
      },
      (error: unknown) => {
        if (stopped && error instanceof SourceError) failedLate(error.cause);
        if (!stopped && error instanceof RefusalError) closeIterator(iterator);
        reject(error);
        place.leave();
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
  place: SourcePlace<T>,
  stopped: () => boolean,
): Promise<void> {
  while (!stopped()) {
    let result = step(iterator);
    if (result instanceof Promise) result = await result;
    // A generator that ends its own call could not be closed while it ran.
    else if (stopped()) closeIterator(iterator);
    if (result === END || stopped()) return;
    const written = place.write(result);
    if (written !== ROOM) await written.catch(refused);
  }
}

/** What an exhausted source gives. */
const END = Symbol('end');

function refused(error: unknown): never {
  throw new RefusalError(error);
}

/** The next message or `END`; all that a source can do wrong is a `SourceError`. */
function step<T>(iterator: AnyIterator<T>): T | typeof END | Promise<T | typeof END> {
  try {
    const result = iterator.next();
    if (isPromiseLike(result)) return settled(result, unwrap<T>);
    const message = unwrap(result);
    // As in `for await`: a list of promises stands for what they promise.
    return isPromiseLike(message) ? settled(message, same) : message;
  } catch (thrown) {
    throw new SourceError(thrown);
  }
}

function unwrap<T>(result: IteratorResult<T>): T | typeof END {
  return result.done === true ? END : result.value;
}

async function settled<T, Result>(
  pending: PromiseLike<T>,
  convert: (value: T) => Result,
): Promise<Result> {
  try {
    return convert(await pending);
  } catch (thrown) {
    throw new SourceError(thrown);
  }
}

function same<T>(message: T): T {
  return message;
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
