import { lateAbortController } from '../base/abort-controller.js';
import { checkFunction } from '../base/check.js';
import type { ClientInterceptedCall, MessageMap, NextOptions } from '../call/interceptor.js';
import { ContextValues } from '../context/context-values.js';
import type { Metadata } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { RpcError } from '../status/rpc-error.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';
import type { Additions } from './additions.js';

/** What the view shows of a call. */
export interface ViewedCall {
  readonly method: MethodDescriptor;
  readonly metadata: Metadata;
  readonly options: NextOptions;
  /** Milliseconds since the epoch; Infinity for none. */
  readonly deadlineTime: number;
  readonly added: Additions;
  readonly peer: string;
  readonly stream: ReadWriteStream<unknown, unknown>;
}

/** What a client's interceptors see of a call; what they may not need is made when asked for. */
export class InterceptedCallView implements ClientInterceptedCall {
  readonly side = 'client';
  readonly ctx = undefined;
  readonly #call: ViewedCall;
  #values: ContextValues | undefined;
  #controller: AbortController | undefined;
  #reason: RpcError | undefined;

  constructor(call: ViewedCall) {
    this.#call = call;
  }

  get method(): MethodDescriptor {
    return this.#call.method;
  }

  get metadata(): Metadata {
    return this.#call.metadata;
  }

  get options(): NextOptions {
    return this.#call.options;
  }

  get deadline(): Date | undefined {
    const { deadlineTime } = this.#call;
    return deadlineTime === Infinity ? undefined : new Date(deadlineTime);
  }

  get signal(): AbortSignal {
    this.#controller ??= lateAbortController(this.#reason);
    return this.#controller.signal;
  }

  get peer(): string {
    return this.#call.peer;
  }

  get values(): ContextValues {
    this.#values ??= new ContextValues();
    return this.#values;
  }

  get stream(): ReadWriteStream<unknown, unknown> {
    return this.#call.stream;
  }

  mapRequests(map: MessageMap): void {
    checkFunction('mapRequests map', map);
    this.#call.added.requestMaps.add(map);
  }

  mapReplies(map: MessageMap): void {
    checkFunction('mapReplies map', map);
    this.#call.added.replyMaps.addFirst(map);
  }

  onHeaders(listener: (headers: Metadata) => void): void {
    checkFunction('onHeaders listener', listener);
    this.#call.added.addHeadersListener(listener);
  }

  /** Aborts `signal`. */
  cut(reason: RpcError): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
