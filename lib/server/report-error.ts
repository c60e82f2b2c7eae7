import type { CallContext } from '../context/call-context.js';

/** Takes the exceptions that no peer may see. */
type OnError = (error: unknown, ctx: CallContext) => unknown;

/** Calls `onError`, whose own failure is no reason for silence. */
export function reportError(onError: OnError, error: unknown, ctx: CallContext): void {
  const failed = (second: unknown): void => {
    writeToStandardError(error, ctx);
    writeToStandardError(second, ctx);
  };
  try {
    // Somebody may well pass an async function.
    Promise.resolve(onError(error, ctx)).catch(failed);
  } catch (second) {
    failed(second);
  }
}

/** Where errors go unless `onError` is given. */
export function writeToStandardError(error: unknown, ctx: CallContext): void {
  // biome-ignore lint/suspicious/noConsole: the last resort where no onError was given
  console.error(`tributary: the handler of ${ctx.method} failed:`, error);
}
