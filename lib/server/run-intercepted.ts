import { rejectedQuietly } from '../base/deferred.js';
import { runInterceptors, type ServerInterceptor } from '../call/interceptor.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsReplies, streamsRequests } from '../schema/method-kind.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { StatusObject } from '../status/status-object.js';
import { EOF } from '../streams/eof.js';
import { ServerReadWriteStream } from '../streams/handler-streams.js';
import type { ReadStream } from '../streams/read-stream.js';
import { isSource } from '../streams/source.js';
import { RefusalError, SourceError, writeAll } from '../streams/write-all.js';
import type { CallMessages } from './call-messages.js';
import { ServerCallView } from './intercepted-server-call.js';
import { type AnyHandler, type HandledCall, invoke, wrongResult } from './run-handler.js';

/** What running interceptors needs from their call. */
export interface InterceptableCall extends HandledCall {
  readonly messages: CallMessages;
  /** Calls `listener` with the error when the call ends, or must end, before its handler has. */
  whenCut(listener: (error: unknown) => void): void;
}

/** Calls the interceptors with the handler inside them; what comes of that is the call's answer. */
export function runIntercepted(
  call: InterceptableCall,
  method: MethodDescriptor,
  handler: AnyHandler,
  interceptors: readonly ServerInterceptor[],
): void {
  const stream = new ServerReadWriteStream(call);
  const view = new ServerCallView(call, method, stream);
  const ok = (): StatusObject => ({
    code: Status.OK,
    details: '',
    trailers: call.ctx.trailers,
  });
  const answer = async (): Promise<void> => {
    const request = streamsRequests(method.kind) ? undefined : await onlyRequest(method, stream);
    await send(call, method, await invoke(call, method, handler, request));
  };
  let passedOn = false;
  const next = (): Promise<StatusObject> => {
    if (!call.running) return rejectedQuietly(whyOver(call));
    if (passedOn) return rejectedQuietly(calledTwice());
    passedOn = true;
    return new Promise((resolve, reject) => {
      let cut = false;
      call.whenCut((error) => {
        cut = true;
        reject(error);
      });
      answer().then(
        () => resolve(ok()),
        (thrown: unknown) => (cut ? call.noteLate(thrown) : reject(thrown)),
      );
    });
  };
  runInterceptors(interceptors, view, { next, answered: ok }).then(
    () => void call.doneWriting(),
    (thrown: unknown) => call.fail(thrown),
  );
}

/** The error that the call was cut off with, or that it has been answered. */
function whyOver({ ctx }: HandledCall): unknown {
  if (ctx.cancelled) return ctx.endSignal.reason;
  return new RpcError(Status.INTERNAL, 'next() was called when the call had been answered');
}

function calledTwice(): RpcError {
  const details = 'next() was called again, but a handler answers a call once';
  return new RpcError(Status.INTERNAL, details);
}

async function onlyRequest(
  method: MethodDescriptor,
  stream: ReadStream<unknown>,
): Promise<unknown> {
  const request = await stream.read();
  if (request === EOF) throw wrongCount(method, 'none');
  if ((await stream.read()) !== EOF) throw wrongCount(method, 'more');
  return request;
}

/** Why a request that breaks the method's shape is refused. */
export function wrongCount({ path }: MethodDescriptor, got: 'none' | 'more'): RpcError {
  return new RpcError(Status.UNIMPLEMENTED, `${path} takes one message, got ${got}`);
}

/** Sends what the handler has given, and leaves the call open for the interceptors. */
async function send(call: HandledCall, method: MethodDescriptor, result: unknown): Promise<void> {
  if (!call.running) return;
  const failedLate = (thrown: unknown): void => call.noteLate(thrown);
  try {
    if (!streamsReplies(method.kind)) await call.outbox.write(result);
    else if (isSource(result)) await writeAll(call.outbox, result, { failedLate });
    else if (result !== undefined) throw wrongResult(method, result);
  } catch (error) {
    if (error instanceof SourceError) throw error.cause;
    const cause = error instanceof RefusalError ? error.cause : error;
    call.failInternally(cause);
    throw cause;
  }
}
