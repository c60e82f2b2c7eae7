import { checkFunction, checkGrace, checkOptions } from '../base/check.js';
import { checkBoolean } from '../base/check-boolean.js';
import { describeValue } from '../base/describe-value.js';
import { Timer } from '../base/timer.js';
import { bufferSizes } from '../call/call-options.js';
import { checkInterceptors, type ServerInterceptor } from '../call/interceptor.js';
import type { ListenResult, ServerTransport } from '../call/server-transport.js';
import { Place } from '../diagnose/place.js';
import { type Watchdog, watchdogFor } from '../diagnose/watchdog.js';
import { checkService } from '../schema/check-service.js';
import { streamsRequests } from '../schema/method-kind.js';
import type { ServiceDescriptor, ServiceMethods } from '../schema/service-descriptor.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { CallHost, MethodAnswer, OpenCall } from './call-host.js';
import { closeOnSignals, type SignalSettings, signalSettings } from './close-on-signals.js';
import type { Handlers } from './handlers.js';
import { handlersOf } from './handlers-of.js';
import { reportError, writeToStandardError } from './report-error.js';
import { ServerCall } from './server-call.js';
import { callLimits, type ServerCoreOptions } from './server-options.js';
import { type HandlerWatch, openWatched } from './watched-call.js';

/** What may be said of a service besides its handlers. */
export interface ServiceOptions {
  /** Around each call of this service, inside those of the server. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
  /**
   * Whether the calls of this service count for the server's `maxConcurrentCalls`; they do unless
   * given. `false` is for what must be answered by a server that is full, as health checks are.
   */
  readonly limited?: boolean | undefined;
}

/** How a server closes. */
export interface ServerCloseOptions {
  /** Milliseconds that open calls may still take; 5 seconds unless given, Infinity for no limit. */
  readonly grace?: number | undefined;
}

const CLOSED = 'listen() on a server that was closed';

/** How long a call that was ended by force may take to get its status out, in milliseconds. */
const FLUSH_TIME = 250;

/** Answers calls with handlers. `Server` is this with a transport chosen. */
export class ServerCore implements AsyncDisposable {
  readonly #transport: ServerTransport;
  readonly #host: CallHost & { drainReason: RpcError | undefined };
  readonly #interceptors: readonly ServerInterceptor[];
  readonly #signals: SignalSettings | undefined;
  readonly #watchdog: Watchdog | undefined;
  #ignoreSignals: (() => void) | undefined;
  readonly #paths = new Set<string>();
  readonly #services: ServiceDescriptor[] = [];
  readonly #serviceListeners: (() => void)[] = [];
  readonly #calls = new Set<OpenCall>();
  readonly #draining = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(transport: ServerTransport, options: ServerCoreOptions) {
    const { onError = writeToStandardError, interceptors = [] } = options;
    const { maxSendMessageSize = Infinity } = options;
    checkFunction('onError', onError);
    checkInterceptors('interceptors', interceptors);
    this.#transport = transport;
    this.#interceptors = [...interceptors];
    this.#signals = signalSettings(options.closeOnSignals);
    this.#watchdog = watchdogFor(options.diagnose);
    this.#host = {
      buffers: bufferSizes(options),
      ...callLimits(options),
      maxSendMessageSize,
      drainReason: undefined,
      onError: (error, ctx) => reportError(onError, error, ctx),
      ended: (call) => {
        this.#calls.delete(call);
        this.#watchdog?.letGo(call);
      },
    };
  }

  /**
   * Answers the methods of `service` with `handlers`, an object or a class instance with a method
   * for each. The types ask for all of them; at run time a method without one is answered
   * UNIMPLEMENTED.
   *
   * @throws {TypeError} for a handler that is no function or belongs to no method (it names those
   * there are), or when a method of this path has a handler already
   */
  add<Methods extends ServiceMethods<Methods>>(
    service: ServiceDescriptor<Methods>,
    handlers: Handlers<Methods>,
    options: ServiceOptions = {},
  ): this {
    checkService('add()', service);
    checkOptions('add()', options, ['interceptors', 'limited']);
    const { limited = true } = options;
    checkInterceptors('interceptors', options.interceptors);
    checkBoolean('limited', limited);
    const interceptors = [...this.#interceptors, ...(options.interceptors ?? [])];
    const found = handlersOf(service as unknown as ServiceDescriptor, handlers);
    for (const [{ path }] of found) {
      if (this.#paths.has(path)) throw new TypeError(`${path} has a handler already`);
    }
    const watch = this.#watchdog && { watchdog: this.#watchdog, place: new Place() };
    for (const [method, handler] of found) {
      this.#handle({ method, handler, interceptors, limited }, watch);
    }
    this.#services.push(service as unknown as ServiceDescriptor);
    for (const listener of this.#serviceListeners) listener();
    return this;
  }

  /** Aborts when the server begins to close. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** The services that were added, in that order. */
  get services(): readonly ServiceDescriptor[] {
    return this.#services;
  }

  /** Calls `listener` whenever a service has been added, from now on. */
  onServiceAdded(listener: () => void): void {
    this.#serviceListeners.push(listener);
  }

  /**
   * Listens on `host:port` (port 0 picks a free one) or `unix:path`; may be called for several.
   * Rejects with an Error that says why the address cannot be had.
   */
  async listen(address: string): Promise<ListenResult> {
    if (typeof address !== 'string') {
      throw new TypeError(`listen takes 'host:port' or 'unix:path', got ${describeValue(address)}`);
    }
    if (this.#closing !== undefined) throw new Error(CLOSED);
    const result = await this.#transport.listen(address);
    if (this.#closing !== undefined) throw new Error(CLOSED);
    this.#heedSignals();
    return result;
  }

  /**
   * Takes no more calls, waits up to `grace` ms for those that are open, ends the rest with
   * UNAVAILABLE and closes the connections; never waits for a handler beyond that. Idempotent:
   * later calls get the promise of the first.
   */
  close(options: ServerCloseOptions = {}): Promise<void> {
    try {
      const grace = checkGrace(options, 5_000);
      this.#closing ??= this.#close(grace);
      return this.#closing;
    } catch (misuse) {
      return Promise.reject(misuse);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(grace: number): Promise<void> {
    const reason = new RpcError(Status.UNAVAILABLE, 'the server is shutting down');
    this.#host.drainReason = reason;
    this.#draining.abort(reason);
    for (const call of this.#calls) call.ctx.drain(reason);
    const drained = this.#transport.drain();
    if (!(await endsWithin(drained, grace))) {
      for (const call of this.#calls) call.shutDown();
      await endsWithin(drained, FLUSH_TIME);
    }
    this.#transport.destroy();
    this.#ignoreSignals?.();
  }

  #handle(answer: MethodAnswer, watch: HandlerWatch | undefined): void {
    const { path, kind } = answer.method;
    this.#paths.add(path);
    this.#transport.handle(path, streamsRequests(kind), (wire) => {
      const call =
        watch === undefined
          ? new ServerCall(answer, wire, this.#host)
          : openWatched(watch, answer, wire, this.#host);
      this.#calls.add(call);
      return call;
    });
  }

  #heedSignals(): void {
    if (this.#signals === undefined || this.#ignoreSignals !== undefined) return;
    const { signals, grace } = this.#signals;
    this.#ignoreSignals = closeOnSignals(signals, () => this.close({ grace }));
  }
}

/** Whether `done` resolves within `time` milliseconds. */
function endsWithin(done: Promise<void>, time: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = new Timer(time, () => resolve(false));
    done.then(() => resolve(true), reject).finally(() => timer.stop());
  });
}
