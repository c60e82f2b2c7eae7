import { checkFunction, checkOptions } from '../base/check.js';
import type { InterceptedCall, Interceptor } from '../call/interceptor.js';
import { RpcError } from '../status/rpc-error.js';
import { Status, statusName } from '../status/status.js';
import { toRpcError } from '../status/to-rpc-error.js';

/** What `logging` says of a call that has ended. */
export interface CallLog {
  readonly side: 'client' | 'server';
  /** `/package.Service/Method`. */
  readonly path: string;
  /** The other side's address. */
  readonly peer: string;
  /** The status code; of a handler's unexpected exception UNKNOWN. */
  readonly code: number;
  /** The status message; of a handler's unexpected exception its own words. */
  readonly details: string;
  /** Milliseconds from the beginning to the end. */
  readonly duration: number;
  /** Requests and replies, where `messages` is set. */
  readonly requests: number | undefined;
  readonly replies: number | undefined;
}

/** How `logging` works. */
export interface LoggingOptions {
  /** Takes what is to be logged; a line on standard error unless given. What it throws is warned of. */
  readonly log?: ((entry: CallLog) => void) | undefined;
  /** Counts messages, at the cost of `mapRequests` and `mapReplies`; false unless given. */
  readonly messages?: boolean | undefined;
}

/**
 * Logs every call when it ends, well or not. For clients and servers.
 *
 * @throws {TypeError} for a bad option
 */
export function logging(options: LoggingOptions = {}): Interceptor {
  checkOptions('logging()', options, ['log', 'messages']);
  const { log = writeLine, messages = false } = options;
  checkFunction('logging() log', log);
  return async (call, next) => {
    const count = messages ? countMessages(call) : undefined;
    const start = performance.now();
    const end = (code: number, details: string): void => {
      const { side, method, peer } = call;
      const duration = performance.now() - start;
      const { requests, replies } = count ?? {};
      const entry = { side, path: method.path, peer, code, details, duration, requests, replies };
      tell(log, entry);
    };
    try {
      const status = await next();
      end(Status.OK, '');
      return status;
    } catch (error) {
      const { code, details } = toRpcError(error);
      end(RpcError.is(error) ? code : Status.UNKNOWN, details);
      throw error;
    }
  };
}

/** Somebody may well pass an async function. */
function tell(log: (entry: CallLog) => unknown, entry: CallLog): void {
  const warn = (thrown: unknown): void => {
    process.emitWarning(`logging() log threw: ${toRpcError(thrown).details}`, 'TributaryWarning');
  };
  try {
    Promise.resolve(log(entry)).catch(warn);
  } catch (thrown) {
    warn(thrown);
  }
}

function countMessages(call: InterceptedCall): { requests: number; replies: number } {
  const count = { requests: 0, replies: 0 };
  call.mapRequests(() => {
    count.requests += 1;
  });
  call.mapReplies(() => {
    count.replies += 1;
  });
  return count;
}

function writeLine({ side, path, peer, code, details, duration, ...counts }: CallLog): void {
  const { requests, replies } = counts;
  const messages = requests === undefined ? '' : ` ${requests} requests, ${replies} replies`;
  const words = details === '' ? '' : ` ${details}`;
  const status = statusName(code) ?? code;
  const time = `${duration.toFixed(1)} ms`;
  process.stderr.write(`${side} ${path} ${peer} ${status}${words} ${time}${messages}\n`);
}
