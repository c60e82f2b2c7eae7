import { setImmediate as nextTurn } from 'node:timers/promises';
import { onAbort } from '../base/on-abort.js';
import type { ReadStream } from './read-stream.js';

type Stream = ReadStream<unknown>;

/**
 * Waits until one of the streams is ready; if several are, the one that is first in line. Gives its
 * place there, not the stream, which may be a promise of its reply as well; -1 when `timeout` ms have
 * passed. Rejects with the signal's reason. Consumes nothing.
 *
 * @param patient - gives those who need some steps more to say so (wrappers do) the time for it
 */
export async function firstReady(
  line: readonly Stream[],
  timeout: number,
  signal: AbortSignal | undefined,
  patient: boolean,
): Promise<number> {
  const ready = new Set<Stream>();
  const enough = new AbortController();
  try {
    await someReady(line, { timeout, signal: enough.signal }, signal, ready);
    if (ready.size > 0 && patient) await nextTurn();
    return line.findIndex((stream) => ready.has(stream));
  } finally {
    enough.abort();
  }
}

/** Resolves when the first has been added to `ready`, or the time is over for all. */
async function someReady(
  line: readonly Stream[],
  limits: { timeout: number; signal: AbortSignal },
  signal: AbortSignal | undefined,
  ready: Set<Stream>,
): Promise<void> {
  let stopListening = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      let waiting = line.length;
      for (const stream of line) {
        const isReady = (): void => {
          ready.add(stream);
          resolve();
        };
        const settled = (is: boolean): void => {
          waiting -= 1;
          if (is) isReady();
          else if (waiting === 0) resolve();
        };
        // If it fails to say whether it is ready, reading it will tell why.
        stream.ready(limits).then(settled, isReady);
      }
      const abort = (): void => reject(signal?.reason);
      if (signal !== undefined) onAbort(signal, abort);
      stopListening = () => signal?.removeEventListener('abort', abort);
    });
  } finally {
    stopListening();
  }
}
