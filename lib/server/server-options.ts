import { checkCount, checkDuration } from '../base/check.js';
import type { BufferOptions } from '../call/call-options.js';
import type { ServerInterceptor } from '../call/interceptor.js';
import type { CallContext } from '../context/call-context.js';
import type { DiagnoseOptions } from '../diagnose/diagnose-options.js';
import type { CallHost } from './call-host.js';
import { CallQueue } from './call-queue.js';
import type { CloseOnSignals } from './close-on-signals.js';

/** What a server may be told. */
export interface ServerCoreOptions extends BufferOptions {
  /**
   * Told of every exception of a handler that is no `RpcError`, and of any that comes after its
   * call has ended; the peer sees neutral words only. Writes to standard error unless given.
   */
  readonly onError?: ((error: unknown, ctx: CallContext) => unknown) | undefined;
  /** The largest reply that is sent, in bytes; a larger one is refused. Infinity unless given. */
  readonly maxSendMessageSize?: number | undefined;
  /** Around each call, the first outermost. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
  /**
   * Milliseconds that a call may take, its wait in the line included; then it ends with
   * DEADLINE_EXCEEDED. No limit unless given.
   */
  readonly maxCallDuration?: number | undefined;
  /**
   * Calls that may be handled at once; further ones wait, first come, first served. No limit unless
   * given. A call counts until its status is sent or it is cut off, so handlers should heed
   * `ctx.signal`. Health checks, reflection and services added with `limited: false` do not count.
   */
  readonly maxConcurrentCalls?: number | undefined;
  /**
   * Calls that may wait for one of `maxConcurrentCalls`; any more fail with RESOURCE_EXHAUSTED at
   * once. 1000 unless given.
   */
  readonly maxQueuedCalls?: number | undefined;
  /**
   * Closes the server when the process gets SIGTERM or SIGINT, then lets the signal end the process;
   * a second signal ends it at once. `true`, or which signals and how much grace.
   */
  readonly closeOnSignals?: boolean | CloseOnSignals | undefined;
  /**
   * Reports calls that stand still in a way that is probably a mistake: `true` warns the process,
   * or what to tell, and after which time. Off unless given.
   */
  readonly diagnose?: boolean | DiagnoseOptions | undefined;
}

/** The names of the options above, for the check of whoever extends them. */
export const SERVER_CORE_OPTIONS = [
  'onError',
  'interceptors',
  'maxCallDuration',
  'maxConcurrentCalls',
  'maxQueuedCalls',
  'closeOnSignals',
  'diagnose',
  'highWaterMark',
  'maxBufferedBytes',
  'prefetchBytes',
] as const;

/** How long calls may take and how many may run, as the options say. */
export function callLimits(
  options: ServerCoreOptions,
): Pick<CallHost, 'maxCallDuration' | 'queue'> {
  const { maxCallDuration = Infinity, maxConcurrentCalls = Infinity, maxQueuedCalls } = options;
  checkDuration('maxCallDuration', maxCallDuration);
  checkCount('maxConcurrentCalls', maxConcurrentCalls, 1);
  if (maxQueuedCalls !== undefined) {
    checkCount('maxQueuedCalls', maxQueuedCalls, 0);
    if (maxConcurrentCalls === Infinity) {
      throw new TypeError('maxQueuedCalls needs maxConcurrentCalls: without it no call waits');
    }
  }
  const queue =
    maxConcurrentCalls === Infinity
      ? undefined
      : new CallQueue(maxConcurrentCalls, maxQueuedCalls ?? 1000);
  return { maxCallDuration, queue };
}
