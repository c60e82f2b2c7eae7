import { describeValue } from '../base/describe-value.js';
import type { EncodedMessage } from '../base/encoded-message.js';
import { isPromiseLike } from '../base/is-promise-like.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsReplies } from '../schema/method-kind.js';
import {
  type ReplyOwner,
  type RequestOwner,
  ServerReadStream,
  ServerReadWriteStream,
  ServerWriteStream,
} from '../streams/handler-streams.js';
import { isSource, type Source } from '../streams/source.js';
import { RefusalError, SourceError, writeAll } from '../streams/write-all.js';
import type { ServerContext } from './server-context.js';

/** A handler as it is called, whatever its kind. */
export type AnyHandler = (first: unknown, ctx: ServerContext, stream: unknown) => unknown;

/** What running a handler needs from its call. */
export interface HandledCall extends RequestOwner<unknown>, ReplyOwner<unknown> {
  readonly ctx: ServerContext;
  /** Whether the call has neither ended nor begun to. */
  readonly running: boolean;
  /** The bytes of a reply; throws if it cannot be sent. */
  encode(message: unknown): EncodedMessage;
  /** Ends the call for a bug of the handler's that is no exception of its own. */
  failInternally(error: unknown): void;
  /** Takes what a handler has thrown too late to matter; unless it is known, `onError` is told. */
  noteLate(thrown: unknown): void;
}

/**
 * Calls the handler and makes what it returns, throws or yields the answer of its call.
 *
 * @param request - the request of a method that takes one, else undefined
 */
export function runHandler(
  call: HandledCall,
  method: MethodDescriptor,
  handler: AnyHandler,
  request: unknown,
): void {
  const finish = (result: unknown): void => {
    try {
      complete(call, method, result);
    } catch (thrown) {
      call.fail(thrown);
    }
  };
  try {
    const result = invoke(call, method, handler, request);
    if (!isPromiseLike(result)) finish(result);
    else Promise.resolve(result).then(finish, (thrown: unknown) => call.fail(thrown));
  } catch (thrown) {
    call.fail(thrown);
  }
}

/** Calls the handler with what its kind takes. */
export function invoke(
  call: HandledCall,
  { kind }: MethodDescriptor,
  handler: AnyHandler,
  request: unknown,
): unknown {
  switch (kind) {
    case 'unary':
      return handler(request, call.ctx, undefined);
    case 'serverStream':
      return handler(request, call.ctx, new ServerWriteStream(call));
    case 'clientStream':
      return handler(new ServerReadStream(call), call.ctx, undefined);
    case 'bidiStream': {
      const stream = new ServerReadWriteStream(call);
      return handler(stream, call.ctx, stream);
    }
  }
}

/** The handler has returned, or its promise has resolved. */
function complete(call: HandledCall, method: MethodDescriptor, result: unknown): void {
  if (!call.running) return;
  if (!streamsReplies(method.kind)) reply(call, result);
  else if (isSource(result)) pump(call, result);
  else if (result === undefined) void call.doneWriting();
  else call.failInternally(wrongResult(method, result));
}

/** What is wrong with a result that is neither nothing nor a source of replies. */
export function wrongResult(method: MethodDescriptor, result: unknown): TypeError {
  const expected = `the handler of ${method.path} must return nothing or something to iterate`;
  return new TypeError(`${expected}, got ${describeValue(result)}`);
}

/** Sends the single reply and the status behind it, without a wait between. */
function reply(call: HandledCall, message: unknown): void {
  let encoded: EncodedMessage;
  try {
    encoded = call.encode(message);
  } catch (thrown) {
    call.failInternally(thrown);
    return;
  }
  // Should the call end first, there is nobody left to tell.
  void call.outbox.writeEncoded(encoded);
  void call.doneWriting();
}

/** Sends what a generator yields. */
function pump(call: HandledCall, source: Source<unknown>): void {
  const failedLate = (thrown: unknown): void => call.noteLate(thrown);
  writeAll(call.outbox, source, { failedLate }).then(
    () => void call.doneWriting(),
    (error: unknown) => {
      if (error instanceof SourceError) call.fail(error.cause);
      else call.failInternally(error instanceof RefusalError ? error.cause : error);
    },
  );
}
