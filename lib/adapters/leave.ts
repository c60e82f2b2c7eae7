import { ignore } from '../base/deferred.js';
import type { ReadStream } from '../streams/read-stream.js';

/** Does what leaving a loop over the stream does: cancels a client's call. */
export function leave(stream: ReadStream<unknown>, why: string): void {
  const { cancel } = stream as { cancel?: unknown };
  if (typeof cancel === 'function') cancel.call(stream, why);
  else stream.values().return?.().catch(ignore);
}
