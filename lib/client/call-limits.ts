import { onAbort } from '../base/on-abort.js';
import { Timer } from '../base/timer.js';
import type { CallOptions } from '../call/call-options.js';
import { earliestDeadline } from '../context/deadline.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';

/** What a call does when one of its limits is reached, and what they must know of it. */
export interface LimitedCall {
  /** Whether it has a connection. */
  readonly connected: boolean;
  /** Whether it has messages that nobody has read yet. */
  readonly hasUnread: boolean;
  end(code: number, details: string): void;
  cancel(details: string, cause: unknown): void;
}

/** What ends a call from the caller's side: its clocks, its signal, and the call it is part of. */
export class CallLimits {
  /** Milliseconds since the epoch; Infinity for none. */
  readonly deadline: number;
  readonly #options: CallOptions;
  readonly #call: LimitedCall;
  #timer: Timer | undefined;
  #connecting: Timer | undefined;
  #idle: Timer | undefined;

  constructor(options: CallOptions, call: LimitedCall) {
    this.#options = options;
    this.#call = call;
    this.deadline = earliestDeadline(options);
  }

  /** Ends the call if a limit has been reached before it could begin. */
  check(): void {
    const { signal, parent } = this.#options;
    if (signal?.aborted) this.#onAbort();
    else if (parent?.cancelled) this.#onParentAbort();
    else if (this.deadline <= Date.now()) this.#expire();
  }

  /** Ends the call when a limit is reached, also if one was while the call was opened; until `stop`. */
  watch(): void {
    const { signal, parent, connectTimeout, idleTimeout } = this.#options;
    this.#timer = new Timer(Math.max(this.deadline - Date.now(), 0), () => this.#expire());
    if (connectTimeout !== undefined) {
      this.#connecting = new Timer(connectTimeout, () => this.#checkConnected(connectTimeout));
    }
    if (idleTimeout !== undefined) {
      this.#idle = new Timer(idleTimeout, () => this.#checkIdle(idleTimeout));
    }
    if (signal !== undefined) onAbort(signal, this.#onAbort);
    if (parent !== undefined) onAbort(parent.signal, this.#onParentAbort);
    this.check();
  }

  /** Why the call must be over, if its deadline has passed or is about to. */
  get overdue(): string | undefined {
    if (Date.now() < this.deadline - TIMER_SLACK) return undefined;
    const { timeout, deadline, parent } = this.#options;
    if (parent?.deadline?.getTime() === this.deadline) return PARENT_EXPIRED;
    if (deadline?.getTime() === this.deadline) return 'the deadline passed';
    return `the call took longer than its timeout of ${timeout} ms`;
  }

  /** A message has come or gone, or the last one that waited has been read. */
  noteMessage(): void {
    this.#idle?.restart();
  }

  stop(): void {
    const { signal, parent } = this.#options;
    this.#timer?.stop();
    this.#connecting?.stop();
    this.#idle?.stop();
    this.#idle = undefined;
    signal?.removeEventListener('abort', this.#onAbort);
    parent?.signal.removeEventListener('abort', this.#onParentAbort);
  }

  #expire(): void {
    this.#call.end(Status.DEADLINE_EXCEEDED, this.overdue ?? 'the deadline passed');
  }

  #checkConnected(limit: number): void {
    if (this.#call.connected) return;
    const details = `no connection for the call within its connectTimeout of ${limit} ms`;
    this.#call.end(Status.DEADLINE_EXCEEDED, details);
  }

  #checkIdle(limit: number): void {
    if (this.#call.hasUnread) this.#idle?.restart();
    else {
      const details = `no message either way within the idleTimeout of ${limit} ms`;
      this.#call.end(Status.DEADLINE_EXCEEDED, details);
    }
  }

  readonly #onAbort = (): void => {
    this.#call.cancel('the signal aborted', this.#options.signal?.reason);
  };

  readonly #onParentAbort = (): void => {
    const reason: unknown = this.#options.parent?.signal.reason;
    if (RpcError.is(reason) && reason.code === Status.DEADLINE_EXCEEDED) {
      this.#call.end(Status.DEADLINE_EXCEEDED, PARENT_EXPIRED);
    } else this.#call.cancel('the parent call was cancelled', reason);
  };
}

/** How much early a timer may fire, as the wall clock has it, in milliseconds. */
const TIMER_SLACK = 2;

const PARENT_EXPIRED = 'the deadline of the parent call passed';
