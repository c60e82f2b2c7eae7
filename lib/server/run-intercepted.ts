import { runInterceptors, type ServerInterceptor } from '../call/interceptor.js';
import type { MessageMaps } from '../call/message-maps.js';
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
import { ServerCallView } from './intercepted-server-call.js';
import { type AnyHandler, type HandledCall, invoke, wrongResult } from './run-handler.js';

/** What running interceptors needs from their call. */
export interface InterceptableCall extends HandledCall {
  readonly requestMaps: MessageMaps;
  readonly replyMaps: MessageMaps;
  /** Calls `listener` with the error when the call ends before its handler has; gives what stops that. */
  whenCut(listener: (error: unknown) => void): () => void;
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
  let request: Promise<unknown> | undefined;
  const answer = async (): Promise<void> => {
    if (!streamsRequests(method.kind)) request ??= onlyRequest(method, stream);
    await send(call, method, await invoke(call, method, handler, await request));
  };
  const next = (): Promise<StatusObject> =>
    new Promise((resolve, reject) => {
      const stop = call.whenCut(reject);
      answer()
        .then(() => resolve(ok()), reject)
        .finally(stop);
    });
  runInterceptors(interceptors, view, next, ok).then(
    () => void call.doneWriting(),
    (thrown: unknown) => call.fail(thrown),
  );
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
  try {
    if (!streamsReplies(method.kind)) await call.outbox.write(result);
    else if (isSource(result)) await writeAll(call.outbox, result);
    else if (result !== undefined) throw wrongResult(method, result);
  } catch (error) {
    if (error instanceof SourceError) throw error.cause;
    const cause = error instanceof RefusalError ? error.cause : error;
    call.failInternally(cause);
    throw cause;
  }
}
