import { ignore } from '../base/deferred.js';
import type { WriteStream } from '../streams/write-stream.js';

/**
 * Ends the call, unless it has ended or was half-closed, as the failure of a source does: a
 * client's call is cancelled, a server's ends with an error. The stream is told in just that way.
 */
export function failWriting(stream: WriteStream<unknown>, reason: unknown): void {
  const failing: Iterable<never> = {
    [Symbol.iterator]: () => ({
      next: () => {
        throw reason;
      },
    }),
  };
  stream.writeAll(failing).catch(ignore);
}
