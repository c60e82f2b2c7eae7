import { checkFunction } from '../base/check.js';
import type { MessageMap, ServerInterceptedCall } from '../call/interceptor.js';
import type { ContextValues } from '../context/context-values.js';
import type { Metadata } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';
import type { CallMessages } from './call-messages.js';
import type { ServerContext } from './server-context.js';

/** What the view shows of a call. */
export interface ViewedCall {
  readonly ctx: ServerContext;
  readonly messages: CallMessages;
}

/** What a server's interceptors see of a call. */
export class ServerCallView implements ServerInterceptedCall {
  readonly side = 'server';
  readonly options = undefined;
  readonly method: MethodDescriptor;
  readonly stream: ReadWriteStream<unknown, unknown>;
  readonly #call: ViewedCall;

  constructor(
    call: ViewedCall,
    method: MethodDescriptor,
    stream: ReadWriteStream<unknown, unknown>,
  ) {
    this.#call = call;
    this.method = method;
    this.stream = stream;
  }

  get ctx(): ServerContext {
    return this.#call.ctx;
  }

  get metadata(): Metadata {
    return this.ctx.metadata;
  }

  get deadline(): Date | undefined {
    return this.ctx.deadline;
  }

  get signal(): AbortSignal {
    return this.ctx.signal;
  }

  get peer(): string {
    return this.ctx.peer;
  }

  get values(): ContextValues {
    return this.ctx.values;
  }

  mapRequests(map: MessageMap): void {
    checkFunction('mapRequests map', map);
    this.#call.messages.requestMaps.add(map);
  }

  mapReplies(map: MessageMap): void {
    checkFunction('mapReplies map', map);
    this.#call.messages.replyMaps.addFirst(map);
  }

  onHeaders(listener: (headers: Metadata) => void): void {
    checkFunction('onHeaders listener', listener);
    this.ctx.onHeaders(listener);
  }
}
