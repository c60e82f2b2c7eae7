import type { BufferSizes } from '../call/call-options.js';
import type { ServerInterceptor } from '../call/interceptor.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { CallQueue } from './call-queue.js';
import type { AnyHandler } from './run-handler.js';
import type { DrainingHost, ServerContext } from './server-context.js';

/** What a server does to a call that is open. */
export interface OpenCall {
  readonly ctx: ServerContext;
  /** Ends the call because the server shuts down. */
  shutDown(): void;
}

/** What the server tells a call, and wants to hear of it. */
export interface CallHost extends DrainingHost {
  readonly buffers: BufferSizes;
  /** Milliseconds that a call may take; Infinity for no limit. */
  readonly maxCallDuration: number;
  /** Where calls wait for their turn; there is none unless their number is limited. */
  readonly queue: CallQueue | undefined;
  /** Bytes above which a reply is refused. */
  readonly maxSendMessageSize: number;
  /** Told of exceptions that no peer may see. */
  onError(error: unknown, ctx: ServerContext): void;
  /** Told that the call has sent its status, or was cut off. */
  ended(call: OpenCall): void;
}

/** How the calls of one method are answered. */
export interface MethodAnswer {
  readonly method: MethodDescriptor;
  readonly handler: AnyHandler;
  /** Around the handler, the first outermost. */
  readonly interceptors: readonly ServerInterceptor[];
  /** Whether its calls take a place in the line. */
  readonly limited: boolean;
}
