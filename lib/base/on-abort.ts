import { defaultMaxListeners, getMaxListeners, setMaxListeners } from 'node:events';

/**
 * Calls `listener` when `signal` aborts, until it is removed. One signal for many calls is no leak:
 * Node's warning of many listeners is switched off for it, unless somebody set its limit.
 */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  if (hasDefaultLimit(signal)) setMaxListeners(Infinity, signal);
  signal.addEventListener('abort', listener);
}

function hasDefaultLimit(signal: AbortSignal): boolean {
  try {
    return getMaxListeners(signal) === defaultMaxListeners;
  } catch {
    // Node 20 throws for a limit of 0, which somebody must have set.
    return false;
  }
}
