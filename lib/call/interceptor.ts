import { checkFunction } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { CallContext } from '../context/call-context.js';
import type { ContextValues } from '../context/context-values.js';
import type { Metadata } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { StatusObject } from '../status/status-object.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';
import type { Compression } from './compression.js';

/**
 * Looks at one message or replaces it. It gets the message as the receiver will see it, and must not
 * change that object; what it returns goes on in its place, and `undefined` lets the message pass.
 * It cannot wait: a promise is a TypeError. What it throws ends the call.
 */
export type MessageMap = (message: unknown) => unknown;

/** What interceptors of clients and of servers see of a call, whatever its kind. */
interface AnyInterceptedCall {
  /** Kind, name, path and codecs. */
  readonly method: MethodDescriptor;
  /** The call's own request headers: a client's may be changed before `next()`, a server's came. */
  readonly metadata: Metadata;
  /** When the call must be over; `undefined` if there is no deadline. */
  readonly deadline: Date | undefined;
  /**
   * Aborts, with the `RpcError`, when the call is cut off: cancelled, late, and on a server when the
   * connection is lost. A client's lost connection is an error of `next()`, which may be called again.
   */
  readonly signal: AbortSignal;
  /** The other side's address; a client's target while there is no connection. */
  readonly peer: string;
  /** What interceptors of this call tell one another, and on a server its handler. */
  readonly values: ContextValues;
  /**
   * The call's pair of streams, as a handler has it: requests to read, replies to write. Reading
   * takes requests away from what `next()` passes on; writing answers the caller.
   */
  readonly stream: ReadWriteStream<unknown, unknown>;
  /**
   * From the next message on, every request goes through `map`: behind those of the interceptors
   * further out, until the interceptor is done. It costs a client's call one more decoding, and an
   * encoding where `map` returns something; a server's nothing.
   */
  mapRequests(map: MessageMap): void;
  /** As `mapRequests`, for replies: the interceptors further in come first. */
  mapReplies(map: MessageMap): void;
  /** Calls `listener` with the response headers before they go on; it may change them. */
  onHeaders(listener: (headers: Metadata) => void): void;
}

/** A call as a client's interceptor sees it. */
export interface ClientInterceptedCall extends AnyInterceptedCall {
  readonly side: 'client';
  /** What `next()` passes on; may be changed before. A limit can be tightened, not loosened. */
  readonly options: NextOptions;
  readonly ctx: undefined;
}

/** A call as a server's interceptor sees it. */
export interface ServerInterceptedCall extends AnyInterceptedCall {
  readonly side: 'server';
  readonly options: undefined;
  /** What the handler gets. */
  readonly ctx: CallContext;
}

/** A call as an interceptor for both sides sees it. */
export type InterceptedCall = ClientInterceptedCall | ServerInterceptedCall;

/** The options of a client's call that an interceptor may change. */
export interface NextOptions {
  /** Milliseconds that what `next()` does may take. */
  timeout: number | undefined;
  /** The moment by which it must be over. */
  deadline: Date | undefined;
  /** Whether to wait for a connection instead of failing with UNAVAILABLE while there is none. */
  waitForReady: boolean | undefined;
  /** How requests are compressed. */
  compression: Compression | undefined;
}

/**
 * Passes the call on: to the next interceptor, at last to the network or the handler. Resolves with
 * the status and its trailers, which may be changed, when that has ended well. Rejects when it has
 * not: on a client with an `RpcError`, on a server with whatever the handler has thrown, on both
 * with the `RpcError` when the call is cut off.
 *
 * A client's may be called again when it has settled, to try again; requests of a stream, once
 * passed on, cannot be sent again, and replies of a stream have reached the caller. A server's is
 * called once.
 */
export type Next = () => Promise<StatusObject>;

/**
 * A layer around calls. When the promise resolves, the call ends with OK; when it rejects, with
 * that error. An interceptor that wants to do neither returns `next()`. One that does not call it
 * answers by itself, with `call.stream.write()`.
 */
export type Interceptor<Call = InterceptedCall> = (call: Call, next: Next) => Promise<unknown>;

/** An interceptor that only clients can use. */
export type ClientInterceptor = Interceptor<ClientInterceptedCall>;

/** An interceptor that only servers can use. */
export type ServerInterceptor = Interceptor<ServerInterceptedCall>;

/** `undefined` or a list of functions; throws for anything else. */
export function checkInterceptors(name: string, interceptors: unknown): void {
  if (interceptors === undefined) return;
  if (!Array.isArray(interceptors)) {
    throw new TypeError(`${name} must be an array, got ${describeValue(interceptors)}`);
  }
  for (const [index, interceptor] of interceptors.entries()) {
    checkFunction(`${name}[${index}]`, interceptor);
  }
}

/** What interceptors are run around. */
export interface Innermost {
  readonly next: Next;
  /** The status of a call that an interceptor has answered by itself. */
  answered(): StatusObject;
  /**
   * Told that an interceptor begins; gives what is to be called when it is done, and waited for if
   * that gives a promise.
   */
  layer?(): () => Promise<void> | undefined;
}

/** Runs `interceptors` around `innermost`, the first one outermost. */
export function runInterceptors<Call>(
  interceptors: readonly Interceptor<Call>[],
  call: Call,
  innermost: Innermost,
): Promise<StatusObject> {
  const from = (index: number): Next => {
    const interceptor = interceptors[index];
    if (interceptor === undefined) return innermost.next;
    const next = from(index + 1);
    return async () => {
      const done = innermost.layer?.();
      try {
        const passed = new PassedOn(next);
        await interceptor(call, passed.next);
        return passed.outcome() ?? innermost.answered();
      } finally {
        const cleared = done?.();
        if (cleared !== undefined) await cleared;
      }
    };
  };
  return from(0)();
}

/** What has become of the calls that one interceptor has passed on. */
class PassedOn {
  readonly #next: Next;
  #open = 0;
  #status: StatusObject | undefined;

  constructor(next: Next) {
    this.#next = next;
  }

  readonly next: Next = () => {
    this.#open += 1;
    const passed = this.#next();
    // Whoever does not wait for it causes no unhandled rejection, but the error below.
    passed.then(
      (status) => {
        this.#open -= 1;
        this.#status = status;
      },
      () => {
        this.#open -= 1;
      },
    );
    return passed;
  };

  /** The status of the last that ended well, if any did; throws if one has not ended. */
  outcome(): StatusObject | undefined {
    if (this.#open === 0) return this.#status;
    throw new RpcError(
      Status.INTERNAL,
      'an interceptor ended before the call that it had passed on; it must return or await next()',
    );
  }
}
