import { ignore } from './deferred.js';
import { onAbort } from './on-abort.js';
import { Timer } from './timer.js';

/** How a wait ends, from whoever waits for the event; the first to say so counts. */
export interface Wait {
  resolve(): void;
  reject(error: unknown): void;
  /** Whether it has ended. */
  readonly over: boolean;
}

/** When to give up. */
export interface WaitLimits {
  /** Milliseconds; Infinity for no limit. */
  readonly timeout: number;
  /** Makes the wait reject with its reason when it aborts. */
  readonly signal: AbortSignal | undefined;
  /** What the wait rejects with when the time is over. */
  late(): Error;
}

/**
 * Waits for an event that `begin` listens for, within limits. Timer and listener go when it ends.
 *
 * @param begin - given the wait; gives what stops the listening
 */
export function limitedWait(limits: WaitLimits, begin: (wait: Wait) => () => void): Promise<void> {
  const { timeout, signal, late } = limits;
  return new Promise((resolve, reject) => {
    let over = false;
    let stop = ignore;
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      timer.stop();
      signal?.removeEventListener('abort', abort);
      stop();
      settle();
    };
    const abort = (): void => end(() => reject(signal?.reason));
    const timer = new Timer(timeout, () => end(() => reject(late())));
    if (signal !== undefined) onAbort(signal, abort);
    const stopListening = begin({
      resolve: () => end(resolve),
      reject: (error) => end(() => reject(error)),
      get over() {
        return over;
      },
    });
    if (over) stopListening();
    else stop = stopListening;
  });
}
