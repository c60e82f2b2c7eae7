import { checkFunction } from '../base/check.js';
import type { ClientInterceptedCall, MessageMap, NextOptions } from '../call/interceptor.js';
import type { MessageMaps } from '../call/message-maps.js';
import { ContextValues } from '../context/context-values.js';
import type { Metadata } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { RpcError } from '../status/rpc-error.js';
import type { ReadWriteStream } from '../streams/read-write-stream.js';

/** What the view shows of a call. */
export interface ViewedCall {
  readonly method: MethodDescriptor;
  readonly metadata: Metadata;
  readonly options: NextOptions;
  /** Milliseconds since the epoch; Infinity for none. */
  readonly deadlineTime: number;
  readonly requestMaps: MessageMaps;
  readonly replyMaps: MessageMaps;
  readonly headersListeners: ((headers: Metadata) => void)[];
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
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
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
    this.#call.requestMaps.add(map);
  }

  mapReplies(map: MessageMap): void {
    checkFunction('mapReplies map', map);
    this.#call.replyMaps.addFirst(map);
  }

  onHeaders(listener: (headers: Metadata) => void): void {
    checkFunction('onHeaders listener', listener);
    this.#call.headersListeners.unshift(listener);
  }

  /** Aborts `signal`. */
  cut(reason: RpcError): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
